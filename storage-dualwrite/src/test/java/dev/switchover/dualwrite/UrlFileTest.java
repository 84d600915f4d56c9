package dev.switchover.dualwrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.dualwrite.flags.DatabaseVariables;
import dev.switchover.storage.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UrlFileTest {

    private static Optional<String> url(Map<String, String> environment) {
        return DatabaseVariables.url(environment, UrlFile::read);
    }

    @Test
    void theDatabaseUrlMayLieInAFile(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("url"), "postgresql://u:hush@h/d\n");

        assertThat(url(Map.of("DATABASE_URL_FILE", file.toString()))).contains("postgresql://u:hush@h/d");
        assertThat(url(Map.of("DATABASE_URL_FILE", file.toString(), "DATABASE_URL", "postgresql://u:hush@h/d")))
                .contains("postgresql://u:hush@h/d");
        assertThatThrownBy(() ->
                        url(Map.of("DATABASE_URL_FILE", file.toString(), "DATABASE_URL", "postgresql://u:hush@h/e")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("different databases")
                .hasMessageNotContaining("hush");
    }

    @Test
    void aMissingOrEmptyUrlFileIsNamed(@TempDir Path directory) throws IOException {
        Path empty = Files.createFile(directory.resolve("empty"));

        for (Path file : new Path[] {directory.resolve("missing"), empty}) {
            assertThatThrownBy(() -> url(Map.of("DATABASE_URL_FILE", file.toString())))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("DATABASE_URL_FILE");
        }
    }
}
