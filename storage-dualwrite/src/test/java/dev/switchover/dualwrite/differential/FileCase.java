package dev.switchover.dualwrite.differential;

import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.TableLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A user's file and how it is declared: real ones, and made ones in every layout and style. */
record FileCase(CollectionDefinition<?, ?> definition, String text) {

    record Country(String cca3, Object name, double area, List<String> borders) {}

    record Film(
            String title,
            int year,
            List<String> genres,
            @Nullable String extract) {}

    record FilmId(String title, int year) {}

    record Properties(@Nullable Double mag, String place, long time) {}

    record Quake(String id, String type, Properties properties) {}

    record Made(long id, @Nullable String text) {}

    static TableLayout layout(boolean columns) {
        return columns ? TableLayout.columns() : TableLayout.document();
    }

    static FileCase countries(String text, boolean columns) {
        return new FileCase(
                CollectionDefinition.of("countries", Country.class, String.class)
                        .id("cca3")
                        .json(JsonLayout.array().format(JsonLayout.Format.COMPACT))
                        .table(layout(columns))
                        .build(),
                text);
    }

    static FileCase films(String text, boolean columns) {
        return new FileCase(
                CollectionDefinition.of("films", Film.class, FilmId.class)
                        .table(layout(columns))
                        .build(),
                text);
    }

    static FileCase quakes(String text, boolean columns) {
        return new FileCase(
                CollectionDefinition.of("quakes", Quake.class, String.class)
                        .json(JsonLayout.array().in("/features").format(JsonLayout.Format.COMPACT))
                        .table(columns ? TableLayout.columns().flatten("properties") : TableLayout.document())
                        .build(),
                text);
    }

    /** In one of all shapes, places in an envelope, encodings, indentations and line ends. */
    static FileCase made(long seed, boolean columns) {
        Random random = new Random(seed);
        Values values = new Values(random);
        boolean keyed = random.nextBoolean();
        String end = values.one(List.of("", "\n", "\r\n"));
        String indent = end.isEmpty() ? "" : values.one(List.of("  ", "\t", "    ", ""));
        String colon = values.one(List.of(":", ": ", " : "));
        int depth = random.nextInt(3);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < depth; i++) {
            text.append("{\"before\"")
                    .append(colon)
                    .append(values.json(1).compact())
                    .append(',');
            text.append("\"at").append(i).append('"').append(colon);
        }
        text.append(keyed ? '{' : '[').append(end);
        List<String> records = new ArrayList<>();
        int count = 1 + random.nextInt(6);
        for (int id = 1; id <= count; id++) {
            records.add(indent + (keyed ? "\"" + (id * 7) + "\"" + colon : "") + record(values, keyed, id * 7));
        }
        text.append(String.join("," + end, records)).append(end).append(keyed ? '}' : ']');
        for (int i = 0; i < depth; i++) {
            text.append(",\"after\"")
                    .append(colon)
                    .append(values.json(1).compact())
                    .append(end)
                    .append('}');
        }
        text.append(end);
        JsonLayout layout = keyed ? JsonLayout.objectKeyedById() : JsonLayout.array();
        layout = layout.format(values.one(List.of(JsonLayout.Format.values())));
        layout = depth == 0 ? layout : layout.in(depth == 1 ? "/at0" : "/at0/at1");
        boolean base64 = values.oneIn(4);
        return new FileCase(
                CollectionDefinition.of("made" + seed, Made.class, Long.class)
                        .json(base64 ? layout.base64() : layout)
                        .table(layout(columns))
                        .build(),
                text.toString());
    }

    private static String record(Values values, boolean keyed, int id) {
        List<Json.Member> members = new ArrayList<>();
        if (!keyed || values.oneIn(2)) {
            members.add(new Json.Member(Json.text("id"), new Json.Number(String.valueOf(id))));
        }
        members.add(new Json.Member(Json.escaped("text"), values.rawText()));
        members.add(new Json.Member(Json.text("unknown é"), values.json(0)));
        members.add(new Json.Member(Json.text("n"), values.rawNumber()));
        java.util.Collections.rotate(members, id % 3);
        Json.Obj record = new Json.Obj(members);
        return values.oneIn(2) ? Json.spaced(record) : record.compact();
    }

    boolean base64() {
        return definition.jsonLayout().encoding() == JsonLayout.Encoding.BASE64;
    }

    /** The file with this text in the place of its own. */
    byte[] bytes(String newText) {
        byte[] plain = newText.getBytes(StandardCharsets.UTF_8);
        return base64()
                ? Base64.getMimeEncoder(76, "\n".getBytes(StandardCharsets.UTF_8))
                        .encode(plain)
                : plain;
    }
}
