package dev.switchover.dualwrite.switchover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.dualwrite.preflight.Volume;
import dev.switchover.dualwrite.reconcile.SavedAside;
import dev.switchover.json.JsonSettings;
import dev.switchover.json.JsonStore;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.MirrorChange;
import dev.switchover.storage.spi.Position;
import dev.switchover.storage.spi.State;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The estimate against what a real directory grows to. */
class RoomNeededTest {

    record Thing(String id, String text) {}

    @TempDir
    Path directory;

    static Stream<Arguments> layouts() {
        return Stream.of(
                        JsonLayout.array(),
                        JsonLayout.objectKeyedById(),
                        JsonLayout.array().base64())
                .flatMap(layout -> Stream.of(1, 40, 4_000).map(length -> Arguments.of(layout, length)));
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void theEstimateIsNotBelowWhatIsUsedAndNotFarAboveIt(JsonLayout layout, int length) throws IOException {
        CollectionSchema<Thing, String> things =
                CollectionSchema.of(CollectionDefinition.of("things", Thing.class, String.class)
                        .json(layout)
                        .build());
        List<RawRecord> records = records(things, length);
        Volume volume = Volume.NONE;
        for (RawRecord record : records) {
            volume = volume.plus(record);
        }
        RoomNeeded needed = RoomNeeded.of(layout, volume, volume, volume);

        long aside = saveAside(things, records);
        // No checkpoint comes in between, so that the journal is measured whole.
        JsonSettings settings = JsonSettings.of(directory)
                .withMaximumStaleness(Duration.ofHours(2))
                .withCheckpointDelay(Duration.ofHours(1));
        long[] journal = new long[1];
        try (JsonStore json = JsonStore.open(settings, List.of(things))) {
            LedgerEntry mirror =
                    LedgerEntry.first(UUID.randomUUID(), Position.NONE).with(State.MIRROR, 1);
            json.ledger().compareAndSet(things, null, mirror, "a test");
            Fence fence = new Fence(1, 0);
            json.mirrorTarget().load(things, fence, measuringAtTheEnd(things, records, journal));
        }

        assertThat(needed.aside()).isBetween(aside, 4 * aside);
        assertThat(needed.journal()).isBetween(journal[0], 2 * journal[0] + (4 << 20));
        long file = Files.size(directory.resolve(things.definition().fileName()));
        assertThat(needed.file()).isBetween(file, 2 * file);
        long checkpoint = sizes("checkpoint-");
        assertThat(needed.checkpoint() + 1_000).isBetween(checkpoint, 4 * checkpoint + 4_000);
    }

    @ParameterizedTest
    @CsvSource({"2000000000, true", "2147483647, false", "4000000000, false"})
    void aFileThatTheJsonStoreCouldNotReadAgainDoesNotFit(long bodies, boolean fits) {
        Volume volume = new Volume(1, 10, bodies);

        assertThat(RoomNeeded.of(JsonLayout.array(), volume, Volume.NONE, Volume.NONE)
                        .fitsOneFile())
                .isEqualTo(fits);
        assertThat(RoomNeeded.of(JsonLayout.array().base64(), volume, Volume.NONE, Volume.NONE)
                        .fitsOneFile())
                .isFalse();
    }

    private List<RawRecord> records(CollectionSchema<?, ?> schema, int length) {
        List<RawRecord> records = new ArrayList<>();
        for (int i = 0; i < 4_000_000 / (length + 1_000); i++) {
            String body = "{\"id\":\"thing " + i + "\",\"text\":\"" + "x".repeat(length) + "\"}";
            long version = 1_000_000_000L + i;
            records.add(
                    new RawRecord(new RecordId("thing " + i), version, version, body.getBytes(StandardCharsets.UTF_8)));
        }
        return records;
    }

    private long saveAside(CollectionSchema<?, ?> schema, List<RawRecord> records) throws IOException {
        try (SavedAside aside =
                new SavedAside(directory, schema, "differed from PostgreSQL without", Clock.systemUTC())) {
            records.forEach(aside::save);
            aside.force();
            return Files.size(aside.file().orElseThrow());
        }
    }

    /** Looks at the journal when the last record but one has been asked for, when nearly all of them are in it. */
    private Iterator<MirrorChange> measuringAtTheEnd(
            CollectionSchema<?, ?> schema, List<RawRecord> records, long[] journal) {
        Iterator<RawRecord> each = records.iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return each.hasNext();
            }

            @Override
            public MirrorChange next() {
                RawRecord record = each.next();
                if (!each.hasNext()) {
                    journal[0] = sizes("journal-");
                }
                return new MirrorChange(schema, record.id(), record.version(), record);
            }
        };
    }

    private long sizes(String beginning) {
        try (Stream<Path> files = Files.list(directory.resolve(".switchover"))) {
            return files.filter(file -> file.getFileName().toString().startsWith(beginning))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
