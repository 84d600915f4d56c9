package dev.switchover.cli;

import dev.switchover.cli.Fields.Complaints;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.ConfigurationException;
import dev.switchover.storage.DocumentLimits;
import dev.switchover.storage.IdGeneration;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.JsonLayout.Encoding;
import dev.switchover.storage.JsonLayout.Format;
import dev.switchover.storage.JsonLayout.Shape;
import dev.switchover.storage.TableLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * {@code switchover.json}: what the service's definitions say of its files, for a command that runs without the service's
 * classes. Only document layouts can be said here, for typed columns are made from the record's class. docs/cli.md has every
 * field.
 *
 * @param directory where the JSON files are; null if the file does not say
 */
record ConfigurationFile(@Nullable Path directory, List<CollectionDefinition<?, ?>> collections) {

    static final String DEFAULT_NAME = "switchover.json";

    private static final Map<String, Class<?>> ID_TYPES =
            Map.of("long", Long.class, "string", String.class, "uuid", UUID.class);

    ConfigurationFile {
        collections = List.copyOf(collections);
    }

    /**
     * Reads the file.
     *
     * @throws ConfigurationException with every problem, each with the line it is in
     */
    static ConfigurationFile read(Path file) {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw new ConfigurationException(
                    List.of(file + (Files.exists(file) ? " cannot be read as UTF-8 text" : " is not there")
                            + "; name the file that describes the collections with --config, see docs/cli.md"));
        }
        Complaints complaints = new Complaints(file.getFileName().toString());
        try {
            LocatedJson json = LocatedJson.parse(text);
            if (json instanceof LocatedJson.Group group) {
                ConfigurationFile read = read(file.toAbsolutePath(), group, complaints);
                if (complaints.all().isEmpty()) {
                    return read;
                }
            } else {
                complaints.add(json.line(), "write an object in curly brackets");
            }
        } catch (LocatedJson.UnreadableException e) {
            complaints.add(e.line(), String.valueOf(e.getMessage()));
        }
        throw new ConfigurationException(complaints.all());
    }

    private static ConfigurationFile read(Path file, LocatedJson.Group group, Complaints complaints) {
        Fields fields = new Fields(group, "", complaints);
        String directory = fields.text("directory");
        List<CollectionDefinition<?, ?>> collections = new ArrayList<>();
        List<LocatedJson> items = fields.items("collections");
        if (items.isEmpty()) {
            complaints.add(group.line(), "collections is missing or empty; describe at least one");
        }
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i) instanceof LocatedJson.Group item) {
                CollectionDefinition<?, ?> definition = collection(item, "collections[" + i + "].", complaints);
                if (definition != null) {
                    collections.add(definition);
                }
            } else {
                complaints.add(items.get(i).line(), "collections[" + i + "]: write an object in curly brackets");
            }
        }
        fields.finish();
        return new ConfigurationFile(directory == null ? null : file.resolveSibling(directory), collections);
    }

    private static @Nullable CollectionDefinition<?, ?> collection(
            LocatedJson.Group group, String where, Complaints complaints) {
        Fields fields = new Fields(group, where, complaints);
        String name = fields.required("name", "write the name the service's definition has");
        Class<?> idType = fields.choice("idType", ID_TYPES, Void.class);
        if (fields.get("idType") == null) {
            complaints.add(group.line(), where + "idType is missing; write \"long\", \"string\" or \"uuid\"");
        }
        String idProperty = fields.text("id");
        IdGeneration generation = fields.choice(
                "idGeneration",
                Map.of(
                        "caller", IdGeneration.CALLER,
                        "sequence", IdGeneration.SEQUENCE,
                        "random-uuid", IdGeneration.RANDOM_UUID),
                IdGeneration.CALLER);
        JsonLayout layout = layout(fields);
        TableLayout.Document table = TableLayout.document();
        String tableName = fields.text("table");
        if (tableName != null) {
            table = table.table(tableName);
        }
        for (List<String> index : indexes(fields)) {
            table = table.index(index.toArray(String[]::new));
        }
        DocumentLimits limits = limits(fields, where, complaints);
        fields.finish();
        if (name == null || idType == Void.class) {
            return null;
        }
        try {
            CollectionDefinition.Builder<?, ?> builder = CollectionDefinition.of(name, LinkedHashMap.class, idType)
                    .idGeneration(generation)
                    .json(layout)
                    .table(table)
                    .limits(limits);
            return (idProperty == null ? builder : builder.id(idProperty)).build();
        } catch (ConfigurationException e) {
            e.problems().forEach(problem -> complaints.add(group.line(), problem));
            return null;
        }
    }

    private static JsonLayout layout(Fields fields) {
        Shape shape = fields.choice("shape", Map.of("array", Shape.ARRAY, "object", Shape.OBJECT), Shape.ARRAY);
        String pointer = fields.text("in");
        Format format = fields.choice(
                "format",
                Map.of("pretty", Format.PRETTY, "lines", Format.LINES, "compact", Format.COMPACT),
                Format.PRETTY);
        Encoding encoding = encoding(fields);
        JsonLayout layout =
                new JsonLayout(shape, pointer == null ? "" : pointer, encoding, format, fields.text("file"), List.of());
        List<LocatedJson> copies = fields.items("copies");
        for (int i = 0; i < copies.size(); i++) {
            if (copies.get(i) instanceof LocatedJson.Group copy) {
                Fields more = fields.nested(copy, "copies[" + i + "].");
                String path = more.required("path", "write the file it goes to");
                layout = path == null ? layout : layout.copy(path, copyEncoding(more));
                more.finish();
            } else {
                fields.problem(copies.get(i), "copies[" + i + "]", "write an object in curly brackets");
            }
        }
        return layout;
    }

    private static Encoding encoding(Fields fields) {
        return fields.choice("encoding", Map.of("plain", Encoding.PLAIN, "base64", Encoding.BASE64), Encoding.PLAIN);
    }

    private static Encoding copyEncoding(Fields fields) {
        Map<String, Encoding> words = Map.of("plain", Encoding.PLAIN, "base64", Encoding.BASE64, "gzip", Encoding.GZIP);
        return fields.choice("encoding", words, Encoding.PLAIN);
    }

    private static List<List<String>> indexes(Fields fields) {
        List<List<String>> indexes = new ArrayList<>();
        for (LocatedJson item : fields.items("indexes")) {
            List<String> properties = new ArrayList<>();
            List<LocatedJson> elements = item instanceof LocatedJson.Items several ? several.elements() : List.of(item);
            for (LocatedJson element : elements) {
                if (element instanceof LocatedJson.Text text) {
                    properties.add(text.value());
                } else {
                    fields.problem(element, "indexes", "write the name of a property in quotes");
                }
            }
            if (!properties.isEmpty()) {
                indexes.add(properties);
            }
        }
        return indexes;
    }

    private static DocumentLimits limits(Fields fields, String where, Complaints complaints) {
        DocumentLimits standard = DocumentLimits.standard();
        LocatedJson value = fields.get("limits");
        if (value == null) {
            return standard;
        }
        if (!(value instanceof LocatedJson.Group group)) {
            fields.problem(value, "limits", "write an object in curly brackets");
            return standard;
        }
        Fields limits = new Fields(group, where + "limits.", complaints);
        int bytes = limits.number("bytes", standard.bytes());
        int depth = limits.number("depth", standard.depth());
        int tokens = limits.number("tokens", standard.tokens());
        int digits = limits.number("numberDigits", standard.numberDigits());
        int idBytes = limits.number("idBytes", standard.idBytes());
        limits.finish();
        try {
            return new DocumentLimits(bytes, depth, tokens, digits, idBytes);
        } catch (IllegalArgumentException e) {
            complaints.add(group.line(), where + "limits: " + e.getMessage());
        }
        return standard;
    }
}
