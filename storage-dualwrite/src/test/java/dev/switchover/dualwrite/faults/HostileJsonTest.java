package dev.switchover.dualwrite.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.dualwrite.ServiceUnderTest;
import dev.switchover.dualwrite.Switchover;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.Phase;
import dev.switchover.storage.StorageException;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JSON that was made to do harm costs no more memory than its length, and makes no object but those the record class names. */
class HostileJsonTest {

    private static final int MILLION = 1_000_000;

    record Anything(String id, Object value) {}

    private static final CollectionDefinition<Anything, String> ANYTHING =
            CollectionDefinition.of("anything", Anything.class, String.class).build();

    @TempDir
    Path folder;

    private static SwitchoverStorage open(Path directory) {
        return Switchover.builder()
                .directory(directory)
                .environment(ServiceUnderTest.flags(Phase.JSON_ONLY))
                .collection(ANYTHING)
                .open();
    }

    /** A start on each file, in a process that has little memory. */
    static final class Child {

        private Child() {}

        public static void main(String[] arguments) {
            for (String directory : arguments) {
                try (SwitchoverStorage storage = open(Path.of(directory))) {
                    System.out.println(storage.repository(ANYTHING).count() + " records");
                } catch (StorageException e) {
                    String message = String.valueOf(e.getMessage());
                    System.out.println("refused, in " + message.length() + " characters");
                }
            }
        }
    }

    @Test
    void aFileMadeToExhaustMemoryIsRefusedInALittleOfIt() throws Exception {
        List<String> directories = List.of(
                hostile("depth", "[", 8 * MILLION, ""),
                hostile("objects", "{\"a\":", 2 * MILLION, "1"),
                hostile("nested", "[{\"id\":\"a\",\"value\":" + "[".repeat(100_000), 1, "]".repeat(100_000) + "}]"),
                hostile("digits", "[{\"id\":\"a\",\"value\":" + "9".repeat(MILLION), 1, "}]"),
                hostile("exponent", "[{\"id\":\"a\",\"value\":1e999999999", 1, "}]"),
                hostile("exponents", "[{\"id\":\"a\",\"value\":9E99999999999", 1, "}]"),
                hostile("negative", "[{\"id\":\"a\",\"value\":1e-999999999", 1, "}]"),
                hostile("text", "[{\"id\":\"a\",\"value\":\"" + "x".repeat(17 * MILLION), 1, "\"}]"),
                hostile("tokens", "[{\"id\":\"a\",\"value\":[0" + ",0".repeat(MILLION), 1, "]}]"),
                hostile("names", "[{\"id\":\"" + "x".repeat(MILLION), 1, "\"}]"));
        Path output = folder.resolve("output");
        List<String> command = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-Xss512k",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName()));
        command.addAll(directories);
        Process child = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(child.waitFor(180, TimeUnit.SECONDS)).isTrue();
        String said = Files.readString(output);
        assertThat(child.exitValue()).as(said).isZero();
        assertThat(said.lines().filter(line -> line.startsWith("refused")))
                .as(said)
                .hasSize(directories.size());
        assertThat(said).doesNotContain("OutOfMemoryError", "StackOverflowError");
    }

    private String hostile(String name, String opening, int times, String ending) throws IOException {
        Path directory = Files.createDirectory(folder.resolve(name));
        try (Writer file = Files.newBufferedWriter(directory.resolve("anything.json"))) {
            for (int i = 0; i < times; i++) {
                file.write(opening);
            }
            file.write(ending);
        }
        return directory.toString();
    }

    @Test
    void aTypeNamedInTheTextIsOnlyText() throws IOException {
        Files.writeString(
                folder.resolve("anything.json"),
                "[{\"id\":\"a\",\"value\":{\"@class\":\"java.io.File\",\"path\":\"/x\"}},"
                        + "{\"id\":\"b\",\"value\":[\"java.io.File\",\"/x\"]},"
                        + "{\"id\":\"c\",\"@type\":\"java.io.File\",\"@class\":\"java.io.File\",\"value\":1}]");
        try (SwitchoverStorage storage = open(folder)) {
            assertThat(storage.repository(ANYTHING).findAll())
                    .extracting(Anything::value)
                    .satisfiesExactly(
                            value ->
                                    assertThat(value).isInstanceOf(Map.class).hasFieldOrPropertyWithValue("path", "/x"),
                            value -> assertThat(value).isEqualTo(List.of("java.io.File", "/x")),
                            value -> assertThat(value).isEqualTo(1));
        }
    }
}
