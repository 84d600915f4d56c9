package dev.switchover.dualwrite.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.storage.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequestFileTest {

    @TempDir
    Path directory;

    @Test
    void aRequestIsForItsOwnerOnly() throws IOException {
        Path hidden = Files.createDirectory(directory.resolve(".switchover"));
        TakeOverRequest request = new TakeOverRequest("nonce", 7, "host", Instant.parse("2026-01-05T10:00:00Z"));
        new RequestFile(directory).write(request);
        assertThat(new RequestFile(directory).read()).contains(request);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(hidden.resolve("take-over.json"))))
                .isEqualTo("rw-------");
    }

    @Test
    void aPlantedLinkIsNotWrittenThrough() throws IOException {
        Path hidden = Files.createDirectory(directory.resolve(".switchover"));
        Path victim = Files.writeString(directory.resolve("victim"), "untouched");
        Files.createSymbolicLink(hidden.resolve("take-over-nonce.tmp"), victim);
        Files.createSymbolicLink(hidden.resolve("take-over.json"), victim);
        RequestFile file = new RequestFile(directory);
        assertThatThrownBy(() ->
                        file.write(new TakeOverRequest("nonce", 7, "host", Instant.parse("2026-01-05T10:00:00Z"))))
                .isInstanceOf(StoreUnavailableException.class);
        file.write(new TakeOverRequest("other", 7, "host", Instant.parse("2026-01-05T10:00:00Z")));
        assertThat(victim).hasContent("untouched");
    }
}
