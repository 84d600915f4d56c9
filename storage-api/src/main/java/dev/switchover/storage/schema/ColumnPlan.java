package dev.switchover.storage.schema;

import com.fasterxml.jackson.databind.JavaType;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.TableLayout;
import dev.switchover.storage.document.TextStyle;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Decides which columns a record class gets, and collects what is wrong with the declaration. Used once. */
final class ColumnPlan {

    /** Identifiers beyond this are cut in silence by PostgreSQL. */
    static final int IDENTIFIER_BYTES = 63;

    private final CollectionDefinition<?, ?> definition;
    private final TableLayout.Columns layout;
    private final RecordProperties properties;
    private final IdRules<?> ids;
    private final List<String> problems;
    private final List<ColumnMapping.Column> columns = new ArrayList<>();
    private final Map<String, String> propertyByColumn = new HashMap<>();
    private final Set<String> flattenedFound = new HashSet<>();

    ColumnPlan(
            CollectionDefinition<?, ?> definition,
            TableLayout.Columns layout,
            RecordProperties properties,
            IdRules<?> ids,
            List<String> problems) {
        this.definition = definition;
        this.layout = layout;
        this.properties = properties;
        this.ids = ids;
        this.problems = problems;
    }

    ColumnMapping mapping(TextStyle style) {
        Map<String, ColumnMapping.Slot> slots = new LinkedHashMap<>();
        if (properties.open()) {
            problem(definition.recordClass().getSimpleName()
                    + " has no properties to make columns of; use a record class, or the document table");
        } else {
            slots = slots("", properties.all());
        }
        for (String flattened : layout.flattened()) {
            if (!flattenedFound.contains(flattened)) {
                problem("flattened property \"" + flattened
                        + "\" is no property with properties of its own, or what it is in is not flattened");
            }
        }
        for (String named : layout.columnNames().keySet()) {
            if (!propertyByColumn.containsValue(named)) {
                problem("a column name is given for \"" + named + "\", which is no property with a column");
            }
        }
        for (String required : layout.required()) {
            if (columns.stream().noneMatch(column -> column.property().equals(required))) {
                problem("\"" + required + "\" is required, but is no property with a column");
            }
        }
        if (layout.existing() && ids.type() == IdType.COMPOSED) {
            problem("an existing table needs an id of one property; use a table of the library's own");
        }
        for (List<String> index : layout.indexes()) {
            for (String property : index) {
                if (columns.stream()
                        .noneMatch(column -> column.property().equals(property) && column.type() != ColumnType.JSON)) {
                    problem("an index names \"" + property
                            + "\", which is no property with a column that can be ordered");
                }
            }
        }
        return new ColumnMapping(
                definition.name(),
                new ColumnMapping.Group(slots),
                columns,
                layout.required(),
                definition.limits(),
                style);
    }

    private Map<String, ColumnMapping.Slot> slots(String prefix, Map<String, RecordProperties.Property> members) {
        Map<String, ColumnMapping.Slot> slots = new LinkedHashMap<>();
        for (RecordProperties.Property property : members.values()) {
            String path = prefix + property.name();
            if (layout.flattened().contains(path) && properties.bean(property.type()) && !property.special()) {
                flattenedFound.add(path);
                slots.put(property.name(), new ColumnMapping.Group(slots(path + ".", properties.of(property.type()))));
            } else {
                slots.put(property.name(), leaf(path, property));
            }
        }
        return slots;
    }

    private ColumnMapping.Leaf leaf(String path, RecordProperties.Property property) {
        int part = ids.properties().indexOf(path);
        ColumnType type =
                part < 0 ? properties.column(property) : ids.text(part).column();
        String name = layout.columnNames().getOrDefault(path, snake(path));
        String other = propertyByColumn.putIfAbsent(name, path);
        if (other != null) {
            problem("\"" + path + "\" and \"" + other + "\" would both be in column " + name + "; name one of them");
        }
        if (name.startsWith("switchover_")) {
            problem("column " + name + " of \"" + path
                    + "\" begins with switchover_, which is for bookkeeping; name it");
        }
        if (name.isEmpty()
                || name.indexOf('\0') >= 0
                || name.getBytes(StandardCharsets.UTF_8).length > IDENTIFIER_BYTES) {
            problem("column " + name + " of \"" + path + "\" must have from 1 to " + IDENTIFIER_BYTES
                    + " bytes; name it");
        }
        JavaType javaType = property.type();
        ColumnMapping.Column column = new ColumnMapping.Column(name, path, type, part >= 0);
        columns.add(column);
        return new ColumnMapping.Leaf(
                columns.size() - 1,
                column,
                new ColumnText(type, javaType.hasRawClass(OffsetDateTime.class)),
                layout.required().contains(path));
    }

    private void problem(String text) {
        problems.add(definition + ": " + text);
    }

    /** {@code stats.totalMatches} to {@code stats_total_matches}. */
    static String snake(String path) {
        return path.replace('.', '_')
                .replaceAll("([a-z0-9])([A-Z])", "$1_$2")
                .replaceAll("([A-Z]+)([A-Z][a-z])", "$1_$2")
                .toLowerCase(Locale.ROOT);
    }
}
