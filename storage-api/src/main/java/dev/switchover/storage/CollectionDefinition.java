package dev.switchover.storage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a service says about one kind of record, once: its name, class, id and layouts. Immutable and thread-safe.
 *
 * <pre>{@code
 * CollectionDefinition<Expense, Long> expenses = CollectionDefinition.of("expenses", Expense.class, Long.class)
 *         .idGeneration(IdGeneration.SEQUENCE)
 *         .build();
 * }</pre>
 *
 * <p>The name and the id never change after creation.
 */
public final class CollectionDefinition<T, ID> {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,39}");

    private final String name;
    private final String recordName;
    private final Class<T> recordClass;
    private final Class<ID> idClass;
    private final List<String> idProperties;
    private final IdGeneration idGeneration;
    private final JsonLayout jsonLayout;
    private final TableLayout tableLayout;
    private final DocumentLimits limits;

    private CollectionDefinition(Builder<T, ID> builder, List<String> idProperties) {
        this.name = builder.name;
        this.recordName = builder.recordName == null ? singular(builder.name) : builder.recordName;
        this.recordClass = builder.recordClass;
        this.idClass = builder.idClass;
        this.idProperties = idProperties;
        this.idGeneration = builder.idGeneration;
        this.jsonLayout = builder.jsonLayout;
        this.tableLayout = builder.tableLayout;
        this.limits = builder.limits;
    }

    /**
     * Begins a definition. Defaults: the id is in the property {@code id}, or, for an id composed of several properties,
     * in those the record {@code idClass} names; the caller makes ids; a pretty array in {@code name.json}; a document
     * table called {@code name}.
     *
     * @param name lower-case letters, digits and {@code _}, beginning with a letter, at most 40 characters; in upper case
     *     it is the suffix of the flags of this collection
     * @param idClass {@code Long}, {@code String}, {@code UUID}, or a record class whose components (long, int, String or
     *     UUID) name the properties the id is composed of
     */
    public static <T, ID> Builder<T, ID> of(String name, Class<T> recordClass, Class<ID> idClass) {
        return new Builder<>(name, recordClass, idClass);
    }

    public String name() {
        return name;
    }

    /** What one record is called in log lines: {@code expense}. */
    public String recordName() {
        return recordName;
    }

    public Class<T> recordClass() {
        return recordClass;
    }

    public Class<ID> idClass() {
        return idClass;
    }

    /** One property, or several for a composed id. */
    public List<String> idProperties() {
        return idProperties;
    }

    public IdGeneration idGeneration() {
        return idGeneration;
    }

    public JsonLayout jsonLayout() {
        return jsonLayout;
    }

    public TableLayout tableLayout() {
        return tableLayout;
    }

    public DocumentLimits limits() {
        return limits;
    }

    /** The file's name inside the directory. */
    public String fileName() {
        String file = jsonLayout.file();
        if (file != null) {
            return file;
        }
        return name + (jsonLayout.encoding() == JsonLayout.Encoding.BASE64 ? ".json.b64" : ".json");
    }

    /** The table's name. */
    public String tableName() {
        String table = tableLayout.table();
        return table == null ? name : table;
    }

    @Override
    public String toString() {
        return "collection " + name;
    }

    private static String singular(String name) {
        if (name.endsWith("ies")) {
            return name.substring(0, name.length() - 3) + "y";
        }
        return name.endsWith("s") ? name.substring(0, name.length() - 1) : name;
    }

    /** Not thread-safe. */
    public static final class Builder<T, ID> {

        private final String name;
        private final Class<T> recordClass;
        private final Class<ID> idClass;
        private @Nullable String recordName;
        private @Nullable String idProperty;
        private IdGeneration idGeneration = IdGeneration.CALLER;
        private JsonLayout jsonLayout = JsonLayout.array();
        private TableLayout tableLayout = TableLayout.document();
        private DocumentLimits limits = DocumentLimits.standard();

        private Builder(String name, Class<T> recordClass, Class<ID> idClass) {
            this.name = name;
            this.recordClass = recordClass;
            this.idClass = idClass;
        }

        /** The JSON name of the id property, where it is not {@code id}. */
        public Builder<T, ID> id(String property) {
            this.idProperty = property;
            return this;
        }

        public Builder<T, ID> idGeneration(IdGeneration generation) {
            this.idGeneration = generation;
            return this;
        }

        /** What one record is called in log lines; by default the name without its plural {@code s}. */
        public Builder<T, ID> recordName(String singularName) {
            this.recordName = singularName;
            return this;
        }

        public Builder<T, ID> json(JsonLayout layout) {
            this.jsonLayout = layout;
            return this;
        }

        public Builder<T, ID> table(TableLayout layout) {
            this.tableLayout = layout;
            return this;
        }

        public Builder<T, ID> limits(DocumentLimits newLimits) {
            this.limits = newLimits;
            return this;
        }

        /** @throws ConfigurationException with every problem found */
        public CollectionDefinition<T, ID> build() {
            List<String> problems = new ArrayList<>();
            if (!NAME.matcher(name).matches()) {
                problems.add("collection name \"" + name + "\": use lower-case letters, digits and _, beginning with a"
                        + " letter, at most 40 characters");
            }
            List<String> idProperties = idProperties(problems);
            if (idGeneration == IdGeneration.SEQUENCE && idClass != Long.class) {
                problems.add(label() + ": ids from a sequence are Long, not " + idClass.getSimpleName());
            }
            if (idGeneration == IdGeneration.RANDOM_UUID && idClass != UUID.class) {
                problems.add(label() + ": random UUIDs need ids of class UUID, not " + idClass.getSimpleName());
            }
            if (!jsonLayout.pointer().isEmpty() && !jsonLayout.pointer().startsWith("/")) {
                problems.add(
                        label() + ": \"" + jsonLayout.pointer() + "\" is no JSON pointer (RFC 6901); it begins with /");
            }
            String file = jsonLayout.file();
            if (file != null && !isFileName(file)) {
                problems.add(label() + ": \"" + file + "\" is no file name; it may have no folder and no leading dot");
            }
            if (!problems.isEmpty()) {
                throw new ConfigurationException(problems);
            }
            return new CollectionDefinition<>(this, List.copyOf(idProperties));
        }

        private static boolean isFileName(String file) {
            return !file.isBlank()
                    && !file.startsWith(".")
                    && !file.contains("/")
                    && !file.contains("\\")
                    && file.chars().noneMatch(Character::isISOControl);
        }

        private List<String> idProperties(List<String> problems) {
            boolean single = idClass == Long.class || idClass == String.class || idClass == UUID.class;
            if (single) {
                return List.of(idProperty == null ? "id" : idProperty);
            }
            if (!idClass.isRecord()) {
                problems.add(
                        label() + ": an id is Long, String, UUID or a record of the properties it is composed of, not "
                                + idClass.getName());
                return List.of();
            }
            if (idProperty != null) {
                problems.add(label() + ": the properties of a composed id are the components of "
                        + idClass.getSimpleName() + "; do not name one more");
            }
            return Arrays.stream(idClass.getRecordComponents())
                    .map(component -> component.getName())
                    .toList();
        }

        private String label() {
            return "collection " + name;
        }
    }
}
