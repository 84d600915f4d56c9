package dev.switchover.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.json.testing.DiskOfType;
import dev.switchover.storage.Query;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.schema.CollectionSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** File systems whose locks cannot be trusted. */
class NetworkFileSystemTest {

    private final CollectionSchema<Book, Long> books = Book.schema();

    @TempDir
    Path directory;

    private JsonStore open(Path at, String type, boolean trust) {
        JsonSettings settings = Book.settings(at).withTrustFileSystem(trust);
        return JsonStore.open(settings, List.of(books), new DiskOfType(type), Clock.systemUTC());
    }

    @ParameterizedTest
    @ValueSource(strings = {"nfs4", "NFS", "cifs", "smb3", "9p", "fuse.sshfs"})
    void whoWouldWriteIsRefusedAndNothingIsCreated(String type) {
        Path missing = directory.resolve("not/there/yet");
        assertThatThrownBy(() -> open(missing, type, false))
                .isInstanceOfSatisfying(StartRefusedException.class, refused -> {
                    assertThat(refused.code()).isEqualTo("UNTRUSTED-FILE-SYSTEM");
                    assertThat(refused.facts().get(0)).contains(missing.toString(), type);
                    assertThat(refused.remedy()).contains("SWITCHOVER_TRUST_FILE_SYSTEM=true");
                });
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void whoInsistsWrites() {
        try (JsonStore store = Book.serving(open(directory, "nfs4", true))) {
            Book.save(store, books, 1, "one");
        }
        assertThat(directory.resolve("books.json")).exists();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "xfs", "apfs", "ntfs", "tmpfs", "overlay", "fuse.lxcfs"})
    void localFileSystemsAreTrusted(String type) {
        assertThatCode(() -> open(directory, type, false).close()).doesNotThrowAnyException();
    }

    @Test
    void whoOnlyReadsIsNotRefused() {
        try (JsonStore store = Book.serving(open(directory, "ext4", false))) {
            Book.save(store, books, 1, "one");
        }
        ReadOnlyJsonStore copy = ReadOnlyJsonStore.open(
                Book.settings(directory), List.of(books), new DiskOfType("nfs4"), Clock.systemUTC());
        assertThat(copy.count(books, Query.all())).isEqualTo(1);
    }

    @Test
    void aFileIsNoDirectory() throws IOException {
        Path file = Files.writeString(directory.resolve("books.json"), "[]");
        assertThatThrownBy(() -> Book.open(file, books))
                .isInstanceOfSatisfying(StartRefusedException.class, refused -> {
                    assertThat(refused.code()).isEqualTo("NOT-A-DIRECTORY");
                    assertThat(refused.facts().get(0)).contains(file.toString());
                });
        assertThat(file).hasContent("[]");
    }
}
