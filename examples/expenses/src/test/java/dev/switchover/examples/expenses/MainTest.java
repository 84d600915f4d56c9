package dev.switchover.examples.expenses;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.examples.embedded.ChildJvm;
import dev.switchover.postgres.testing.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service as a process: started by environment, stopped by a signal, refused with one message. */
class MainTest {

    private static final Pattern LISTENING = Pattern.compile("Listening on http://127\\.0\\.0\\.1:([0-9]+)");
    private static final String PASSWORD = "s3cret-canary";

    @TempDir
    Path root;

    private Path data;

    @BeforeEach
    void name() {
        data = root.resolve("data");
    }

    @Test
    void itServesAndStopsCleanlyOnSigterm() throws IOException {
        try (ChildJvm child = start(Map.of())) {
            client(child).createExpense("2026-03-01", "1.10");

            child.terminate();

            assertThat(child.exitCode()).isZero();
            assertThat(child.out()).contains("JSON_ONLY").contains("Stopped");
            assertThat(child.err()).isEmpty();
        }
        assertThat(Files.readString(data.resolve("expenses.json")))
                .contains("\"amount\"")
                .contains("1.10");
    }

    @Test
    void helpTellsWhatThereIs() {
        try (ChildJvm child = ChildJvm.start(Main.class, Map.of("DATA_DIR", data.toString()), "--help")) {
            assertThat(child.exitCode()).isZero();
            assertThat(child.out()).contains("--embedded-database", "PORT", "DATA_DIR", "ADMIN_TOKEN", "FF_");
        }
        assertThat(data).doesNotExist();
    }

    @Test
    void allWrongSettingsAreToldAtOnce() {
        try (ChildJvm child = ChildJvm.start(
                Main.class,
                Map.of("DATA_DIR", data.toString(), "PORT", "eighty", "DATABASE_URL", "postgresql://localhost/x"),
                "--embedded-database",
                "--verbose")) {
            assertThat(child.exitCode()).isEqualTo(2);
            assertThat(child.err()).contains("PORT", "eighty", "--verbose", "DATABASE_URL");
            assertOneMessage(child);
        }
        assertThat(data).doesNotExist();
    }

    @Test
    void badFlagsAreRefused() throws IOException {
        existing("[]");

        refused(
                2,
                Map.of("FF_USE_DATABASE_STORAGE", "maybe", "FF_DUAL_WRITE_ENABLED", "2"),
                "FF_USE_DATABASE_STORAGE",
                "FF_DUAL_WRITE_ENABLED",
                "true");
    }

    @Test
    void badFlagsAreRefusedBeforeAnEmbeddedDatabaseIsCreated() {
        try (ChildJvm child = start(
                Map.of("FF_USE_DATABASE_STORAGE", "maybe", "SWITCHOVER_MIRROR_TIMEOUT", "soon"),
                "--embedded-database")) {
            assertThat(child.exitCode()).isEqualTo(2);
            assertThat(child.err()).contains("FF_USE_DATABASE_STORAGE", "SWITCHOVER_MIRROR_TIMEOUT");
            assertOneMessage(child);
        }
        assertThat(data).doesNotExist();
    }

    @Test
    void aDatabasePhaseWithoutADatabaseIsRefused() throws IOException {
        existing("[]");

        refused(2, Map.of("FF_USE_DATABASE_STORAGE", "true"), "DATABASE_URL");
    }

    @Test
    void aBadUrlIsRefusedWithoutItsPassword() throws IOException {
        existing("[]");

        refused(
                2,
                Map.of(
                        "FF_DUAL_WRITE_ENABLED",
                        "true",
                        "DATABASE_URL",
                        "mysql://user:" + PASSWORD + "@localhost:5432/budget"),
                "DATABASE_URL");
    }

    @Test
    void aMissingDatabaseIsRefused() throws IOException {
        existing("[]");

        refused(
                3,
                Map.of(
                        "FF_USE_DATABASE_STORAGE",
                        "true",
                        "DATABASE_URL",
                        "postgresql://user:" + PASSWORD + "@127.0.0.1:1/budget"));
    }

    @Test
    void aCorruptFileIsRefused() throws IOException {
        existing("[{\"id\": 1, \"notes\": \"" + PASSWORD + "\"}");

        refused(3, Map.of(), "expenses.json");
    }

    @Test
    void aLockedDirectoryIsRefusedNamingItsHolder() {
        try (ChildJvm holder = start(Map.of())) {
            ServiceClient client = client(holder);

            refusedWhileOthersWrite(3, Map.of(), Long.toString(holder.pid()));

            assertThat(client.createExpense("2026-03-01", "1")).isPositive();
        }
    }

    @Test
    void aTakenPortIsToldBeforeTheStorageIsTouched() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            refused(2, Map.of("PORT", Integer.toString(taken.getLocalPort())), "PORT");
        }
        assertThat(data).doesNotExist();
    }

    @Test
    void theEmbeddedDatabaseServesAndIsStoppedWithTheService() throws IOException {
        Map<String, String> flags = Map.of("FF_USE_DATABASE_STORAGE", "true", "FF_DUAL_WRITE_ENABLED", "true");
        try (ChildJvm child = start(flags, "--embedded-database")) {
            client(child).createExpense("2026-03-01", "1.10");
            child.terminate();
            assertThat(child.exitCode()).isZero();
        }
        assertThat(data.resolve("postgres/postmaster.pid")).doesNotExist();
        assertThat(Files.readString(data.resolve("expenses.json"))).contains("1.10");
    }

    @Test
    @Tag("slow")
    void theEmbeddedDatabaseKeepsWhatItHas() throws IOException {
        Map<String, String> flags = Map.of("FF_USE_DATABASE_STORAGE", "true");
        long id;
        try (ChildJvm child = start(flags, "--embedded-database")) {
            id = client(child).createExpense("2026-03-01", "1.10");
            child.kill();
        }
        try (ChildJvm child = start(flags, "--embedded-database")) {
            assertThat(client(child).get("/api/v1/expense/" + id).status()).isEqualTo(200);
            child.terminate();
            assertThat(child.exitCode()).isZero();
        }
    }

    @Test
    void thePhaseIsToldOnceWithoutThePassword() {
        try (TestDatabase database = TestDatabase.create()) {
            try (ChildJvm child = start(Map.of("FF_DUAL_WRITE_ENABLED", "true", "DATABASE_URL", database.url()))) {
                client(child).createExpense("2026-03-01", "1.10");
                child.terminate();
                assertThat(child.exitCode()).isZero();
                assertThat(child.out()).contains("JSON_PRIMARY").contains("Dual-write: Created expense 1 in database");
                assertThat(child.out() + child.err()).doesNotContain(":" + database.password() + "@");
            }
        }
    }

    private void existing(String expenses) throws IOException {
        Files.createDirectories(data);
        Files.writeString(data.resolve("expenses.json"), expenses);
    }

    private ChildJvm start(Map<String, String> environment, String... arguments) {
        Map<String, String> variables = new HashMap<>(Map.of("DATA_DIR", data.toString(), "PORT", "0"));
        variables.putAll(environment);
        return ChildJvm.start(Main.class, variables, arguments);
    }

    private static ServiceClient client(ChildJvm child) {
        return new ServiceClient(Integer.parseInt(child.awaitLine(LISTENING)));
    }

    /** Starts it, expects the exit code and words, and that no file is another one afterwards. */
    private void refused(int exitCode, Map<String, String> environment, String... words) {
        Map<String, String> before = files();
        refusedWhileOthersWrite(exitCode, environment, words);
        assertThat(files()).isEqualTo(before);
    }

    private void refusedWhileOthersWrite(int exitCode, Map<String, String> environment, String... words) {
        try (ChildJvm child = start(environment)) {
            assertThat(child.exitCode()).as(child.out() + child.err()).isEqualTo(exitCode);
            for (String word : words) {
                assertThat(child.err()).contains(word);
            }
            assertOneMessage(child);
            assertThat(child.out() + child.err()).doesNotContain(PASSWORD);
        }
    }

    private static void assertOneMessage(ChildJvm child) {
        assertThat(child.err()).startsWith("expenses: ").doesNotContain("\tat ").doesNotContain("Exception");
        assertThat(child.out()).doesNotContain("\tat ").doesNotContain(" ERROR ");
    }

    private Map<String, String> files() {
        if (!Files.exists(root)) {
            return Map.of();
        }
        try (Stream<Path> files = Files.walk(root)) {
            Map<String, String> contents = new TreeMap<>();
            for (Path file : files.toList()) {
                contents.put(
                        file.toString(),
                        Files.isDirectory(file) ? "" : Integer.toHexString(Arrays.hashCode(Files.readAllBytes(file))));
            }
            return contents;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
