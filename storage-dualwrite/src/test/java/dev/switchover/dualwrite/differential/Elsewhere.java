package dev.switchover.dualwrite.differential;

import dev.switchover.postgres.testing.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** A JVM in another country: plays histories on databases in another one. */
final class Elsewhere {

    static final String DONE = "no difference";

    private Elsewhere() {}

    /** Seed, number of operations, locale of the JVM, folder. */
    public static void main(String[] arguments) throws IOException {
        Locale.setDefault(Locale.forLanguageTag(arguments[2]));
        Path root = Files.createTempDirectory(Path.of(arguments[3]), "elsewhere");
        for (boolean columns : new boolean[] {false, true}) {
            List<Shape<?, ?>> shapes = Records.shapes(columns);
            int size = Integer.parseInt(arguments[1]);
            List<Operation> history = Histories.of(Long.parseLong(arguments[0]), shapes, size, size / 3);
            Match match = new Match(shapes, root, Elsewhere::database, (subject, played) -> played);
            Match.Difference difference = match.play(history);
            if (difference != null) {
                say("columns " + columns + ": " + Shrinking.shrunk(match, history, difference, Duration.ofSeconds(30)));
                return;
            }
        }
        say(DONE);
    }

    static TestDatabase database() {
        return TestDatabase.unlikeOthers(
                "LOCALE_PROVIDER icu ICU_LOCALE 'tr-TR-u-kn-true'",
                List.of(
                        "timezone = 'Asia/Kathmandu'",
                        "datestyle = 'German, DMY'",
                        "intervalstyle = 'sql_standard'",
                        "extra_float_digits = 0",
                        "standard_conforming_strings = off",
                        "quote_all_identifiers = on",
                        "array_nulls = off",
                        "transform_null_equals = on",
                        "bytea_output = 'escape'"));
    }

    private static void say(String text) throws IOException {
        System.out.write(text.getBytes(StandardCharsets.UTF_8));
        System.out.flush();
    }
}
