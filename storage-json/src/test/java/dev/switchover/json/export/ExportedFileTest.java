package dev.switchover.json.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.json.checkpoint.FileDigest;
import dev.switchover.json.testing.FaultyDisk;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A file is read back while it is forced; it counts when both have gone well. */
class ExportedFileTest {

    private record Note(String id) {}

    private static final CollectionSchema<?, ?> NOTES = CollectionSchema.of(
            CollectionDefinition.of("notes", Note.class, String.class).build());

    @TempDir
    Path folder;

    private FaultyDisk disk;
    private Path file;

    @BeforeEach
    void soundDisk() {
        disk = FaultyDisk.sound(folder);
        file = folder.resolve("notes.json");
    }

    private FileDigest write(ExportedFile.ReadBack check) throws IOException {
        RawRecord note = new RawRecord(new RecordId("a"), 1, 1, "{\"id\":\"a\"}".getBytes(StandardCharsets.UTF_8));
        return ExportedFile.write(disk, file, NOTES, FileForm.standard(NOTES), null, List.of(note), check);
    }

    @Test
    void itsDigestIsThatOfWhatWasWritten() throws IOException {
        FileDigest digest = write(written -> assertThat(written).isEqualTo(FileDigest.of(file)));
        assertThat(digest).isEqualTo(FileDigest.of(Files.readAllBytes(file)));
    }

    @Test
    @Timeout(60)
    void whatReadsWellAndCannotBeForcedIsNoFile() {
        CountDownLatch checked = new CountDownLatch(1);
        disk.failWhen(call -> call.equals("force notes.json") && waited(checked));
        assertThatThrownBy(() -> write(written -> checked.countDown()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("force notes.json");
        assertThat(file).doesNotExist();
    }

    @Test
    @Timeout(60)
    void whatIsForcedAndReadsOtherwiseIsNoFile() {
        CountDownLatch checked = new CountDownLatch(1);
        disk.failWhen(call -> call.equals("force notes.json") && !waited(checked));
        assertThatThrownBy(() -> write(written -> {
                    checked.countDown();
                    throw new IOException("other than it was written");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("other than it was written");
        assertThat(file).doesNotExist();
    }

    private static boolean waited(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
