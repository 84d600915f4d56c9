package dev.switchover.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.json.testing.FaultyDisk;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Expected;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Position;
import dev.switchover.storage.spi.Write;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that the disk wrote otherwise than it was told. */
class ReadBackTest {

    private record Note(String id, String text) {}

    private static final CollectionSchema<?, ?> NOTES = CollectionSchema.of(
            CollectionDefinition.of("notes", Note.class, String.class).build());

    @TempDir
    Path directory;

    @Test
    void theFileBeforeStaysWhereTheNextOneIsNotReadBackAsItWasWritten() throws Exception {
        JsonSettings settings = JsonSettings.of(directory)
                .withMaximumStaleness(Duration.ofHours(2))
                .withCheckpointDelay(Duration.ofHours(1));
        FaultyDisk disk = FaultyDisk.sound(directory);
        try (JsonStore store = JsonStore.open(settings, List.of(NOTES), disk, Clock.systemUTC())) {
            store.ledger().compareAndSet(NOTES, null, LedgerEntry.first(UUID.randomUUID(), Position.NONE), "test");
            store.serve(NOTES, 1);
            put(store, "first");
            store.checkpoint();
            put(store, "second");
            store.readBackFiles(true);
            disk.corrupt("notes.json");
            assertThatThrownBy(store::checkpoint)
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("not read back");
            assertThat(Files.readString(directory.resolve("notes.json")))
                    .contains("first")
                    .doesNotContain("second");
            store.checkpoint();
            assertThat(Files.readString(directory.resolve("notes.json"))).contains("second");
        }
    }

    private static void put(JsonStore store, String id) {
        byte[] body = ("{\"id\":\"" + id + "\",\"text\":\"\"}").getBytes(StandardCharsets.UTF_8);
        store.write(List.of(new Write.Put(NOTES, new RecordId(id), body, Expected.ANY)));
    }
}
