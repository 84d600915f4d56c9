package dev.switchover.dualwrite.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.postgres.testing.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A JVM with the locale, time zone and encoding of another country, and databases whose collation, time zone and ways to write
 * dates are not ours, change no answer.
 */
class ElsewhereTest {

    @TempDir
    Path root;

    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource({"tr-TR, Pacific/Chatham, ISO-8859-9"})
    void anotherCountryChangesNoAnswer(String locale, String zone, String encoding) throws Exception {
        play(locale, zone, encoding, 90);
    }

    @Tag("slow")
    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource({
        "tr-TR, America/St_Johns, ISO-8859-9",
        "ar-EG-u-nu-arab, Africa/Cairo, windows-1256",
        "th-TH-u-ca-buddhist-nu-thai, Asia/Bangkok, UTF-8"
    })
    void anotherCountryChangesNoAnswerForLong(String locale, String zone, String encoding) throws Exception {
        play(locale, zone, encoding, 1_000);
    }

    private void play(String locale, String zone, String encoding, int operations) throws Exception {
        try (TestDatabase database = TestDatabase.create()) {
            ProcessBuilder child = new ProcessBuilder(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx512m",
                    "-Duser.timezone=" + zone,
                    "-Dfile.encoding=" + encoding,
                    "-cp",
                    System.getProperty("java.class.path"),
                    Elsewhere.class.getName(),
                    "20260131",
                    String.valueOf(operations),
                    locale,
                    root.toString()));
            // Databases of its own, on the server that is running anyway.
            child.environment().put("TEST_DATABASE_URL", database.url());
            child.redirectErrorStream(true);
            assertThat(said(child.start())).endsWith(Elsewhere.DONE);
        }
    }

    private static String said(Process child) throws IOException, InterruptedException {
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor()).as(said).isZero();
        return said;
    }
}
