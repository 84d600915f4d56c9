package dev.switchover.json.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.json.file.FileStyle;
import dev.switchover.json.journal.SegmentName;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.schema.RecordId;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointCodecTest {

    private static Checkpoint of(List<Checkpoint.Known> records) {
        return new Checkpoint(
                new UUID(1, 2),
                "books",
                3,
                4,
                new SegmentName(1, 1),
                new FileDigest(5, "ab"),
                null,
                null,
                6,
                7,
                8,
                9,
                List.of(),
                List.of("token"),
                List.of("a line"),
                FileStyle.of(JsonLayout.array()),
                null,
                records);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    /** One record more in one half than in the other, too. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4_999, 5_000, 12_001})
    void onTwoThreadsItIsWhatItIsOnOne(int count) {
        Checkpoint checkpoint = of(LongStream.range(0, count)
                .mapToObj(i -> new Checkpoint.Known(new RecordId("ü".repeat((int) (i % 40)) + i), i, 2 * i, -i))
                .toList());
        byte[] halved = bytes(CheckpointCodec.write(checkpoint, true));
        assertThat(halved).isEqualTo(bytes(CheckpointCodec.write(checkpoint, false)));
        assertThat(CheckpointCodec.read(halved)).isEqualTo(checkpoint);
    }
}
