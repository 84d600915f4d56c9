package dev.switchover.examples.materials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.examples.embedded.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service as a process: how it starts, how it ends. */
class StartTest {

    @TempDir
    Path directory;

    @Test
    void oneCommandBringsADatabaseAndSomethingToLookAt() {
        try (ChildJvm child = start(Map.of("USE_DATABASE", "yes"), "--embedded-database", "--sample-data")) {
            Client client =
                    new Client(Integer.parseInt(child.awaitLine(Pattern.compile("Tomcat started on port (\\d+)"))));
            assertThat(client.document()).contains("\"Cuisine\"");
            assertThat(client.patch("kitchen", 0, "price.ttc", "1.10").status()).isEqualTo(200);

            child.terminate();
            child.exitCode();
            assertThat(child.out()).doesNotContain("ERROR");
        }
        assertThat(directory.resolve("postgres/postmaster.pid")).doesNotExist();
    }

    @Test
    void wrongFlagsHaveAnExitCodeAndOneMessage() {
        try (ChildJvm child = start(Map.of("FF_DUAL_WRITE_ENABLED", "maybe"))) {
            assertThat(child.exitCode()).isEqualTo(2);
            assertThat(child.out()).contains("FF_DUAL_WRITE_ENABLED").doesNotContain("\tat ");
        }
    }

    @Test
    @Tag("slow")
    void aDamagedFileHasAnExitCodeAndOneMessage() throws Exception {
        Files.writeString(directory.resolve("materials.json"), "{\"sections\": [{\"id\": ");
        try (ChildJvm child = start(Map.of())) {
            assertThat(child.exitCode()).isEqualTo(3);
            assertThat(child.out()).contains("materials.json").doesNotContain("\tat ");
        }
        assertThat(directory.resolve("materials.json")).hasContent("{\"sections\": [{\"id\": ");
    }

    private ChildJvm start(Map<String, String> environment, String... arguments) {
        Map<String, String> variables = new HashMap<>(environment);
        variables.put("DATA_DIR", directory.toString());
        variables.put("PORT", "0");
        variables.put("LOGGING_LEVEL_ROOT", "INFO");
        return ChildJvm.start(MaterialsApplication.class, variables, arguments);
    }
}
