package dev.switchover.json.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.json.file.FileStyle;
import dev.switchover.json.journal.SegmentName;
import dev.switchover.json.records.Pending;
import dev.switchover.json.testing.Fuzz;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.Phase;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Position;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Checkpoints that were not written by us, with checksums that are right. */
class HostileCheckpointTest {

    private static List<byte[]> sound() {
        RecordId id = new RecordId("é7");
        Checkpoint checkpoint = new Checkpoint(
                new UUID(1, 2),
                "books",
                3,
                4,
                new SegmentName(1, 1),
                new FileDigest(5, "ab"),
                LedgerEntry.first(new UUID(1, 2), Position.NONE),
                Phase.DB_PRIMARY,
                6,
                7,
                8,
                9,
                List.of(new Pending(id, 1, 2, 3, "refused"), new Pending(id, 1, 0, 3, null)),
                List.of("token"),
                List.of("a line"),
                FileStyle.of(JsonLayout.array()),
                new Checkpoint.Known(RecordId.ENVELOPE, 1, 0, 5),
                List.of(new Checkpoint.Known(id, 1, 2, 3)));
        ByteBuffer bytes = CheckpointCodec.write(checkpoint, true);
        byte[] sound = new byte[bytes.remaining()];
        bytes.get(sound);
        return List.of(sound);
    }

    @Test
    void aCheckpointIsReadOrRefusedInOurOwnWords() {
        Fuzz.inputs(15_000, sound(), HostileCheckpointTest::read);
    }

    @Tag("slow")
    @Test
    void aCheckpointIsReadOrRefusedInOurOwnWordsForLong() {
        Fuzz.untilTheEnd("checkpoints", sound(), HostileCheckpointTest::read);
    }

    /** The one exception {@code CheckpointFiles} turns into ours. */
    private static boolean read(Random random, byte[] input) {
        byte[] bytes = input.clone();
        if (bytes.length > 16 && random.nextInt(8) > 0) {
            CRC32C crc = new CRC32C();
            crc.update(bytes, 16, bytes.length - 16);
            ByteBuffer.wrap(bytes).putInt(8, bytes.length - 16).putInt(12, (int) crc.getValue());
        }
        try {
            CheckpointCodec.read(bytes);
            return true;
        } catch (IllegalStateException refused) {
            assertThat(refused.getMessage()).isNotBlank();
            return false;
        }
    }
}
