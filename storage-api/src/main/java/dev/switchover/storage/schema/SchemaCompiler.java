package dev.switchover.storage.schema;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.ConfigurationException;
import dev.switchover.storage.TableLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Compiles one definition and reports everything that is wrong with it at once. Used once. */
final class SchemaCompiler<T, ID> {

    private final CollectionDefinition<T, ID> definition;
    private final List<String> problems = new ArrayList<>();

    SchemaCompiler(CollectionDefinition<T, ID> definition) {
        this.definition = definition;
    }

    CollectionSchema<T, ID> compile() {
        Class<T> recordClass = definition.recordClass();
        JsonMapper mapper = RecordCodec.mapper(definition.limits());
        RecordProperties properties = new RecordProperties(mapper, recordClass);
        IdRules<ID> ids = new IdRules<>(definition, problems);
        checkTableName();
        String trouble = properties.trouble();
        if (trouble != null) {
            problem("class " + recordClass.getName() + " cannot be written and read as JSON: " + trouble);
            throw new ConfigurationException(problems);
        }
        boolean primitive = checkId(properties, ids);
        ColumnMapping columns = null;
        if (definition.tableLayout() instanceof TableLayout.Columns layout) {
            columns = new ColumnPlan(definition, layout, properties, ids, problems)
                    .mapping(BodyRules.style(definition.jsonLayout()));
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        RecordCodec<T> codec = new RecordCodec<>(definition.name(), recordClass, mapper);
        BodyRules<T> bodies = new BodyRules<>(definition, ids, codec, columns, primitive);
        return new CollectionSchema<>(definition, properties, ids, columns, bodies);
    }

    /** @return whether the id property is a primitive, which cannot be null */
    private boolean checkId(RecordProperties properties, IdRules<ID> ids) {
        if (properties.open()) {
            return false;
        }
        boolean primitive = false;
        for (int i = 0; i < ids.properties().size(); i++) {
            String name = ids.properties().get(i);
            RecordProperties.Property property = properties.all().get(name);
            if (property == null) {
                problem("class " + definition.recordClass().getSimpleName() + " has no property \"" + name
                        + "\" for the id; name it with id(…) or add it");
                continue;
            }
            Class<?> type = property.type().getRawClass();
            primitive |= type.isPrimitive();
            if (property.special() || !ids.text(i).fits(type)) {
                problem("the id property \"" + name + "\" is " + type.getSimpleName() + ", but ids are "
                        + ids.text(i).label());
            }
        }
        return primitive;
    }

    private void checkTableName() {
        String[] parts = definition.tableName().split("\\.", -1);
        for (String part : parts) {
            int length = part.getBytes(StandardCharsets.UTF_8).length;
            if (parts.length > 2 || length < 1 || length > ColumnPlan.IDENTIFIER_BYTES || part.indexOf('\0') >= 0) {
                problem("\"" + definition.tableName()
                        + "\" is no table name; give a name, or schema.name, each of 1 to "
                        + ColumnPlan.IDENTIFIER_BYTES + " bytes");
                return;
            }
        }
    }

    private void problem(String text) {
        problems.add(definition + ": " + text);
    }
}
