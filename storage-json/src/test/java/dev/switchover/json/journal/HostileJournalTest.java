package dev.switchover.json.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.json.binary.ByteWriter;
import dev.switchover.json.directory.StoreDirectory;
import dev.switchover.json.testing.Fuzz;
import dev.switchover.storage.CorruptFileException;
import dev.switchover.storage.Phase;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Position;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Segments that were not written by us, some of them with checksums that are right. */
class HostileJournalTest {

    private static final RecordId ID = new RecordId("é7");

    @TempDir
    Path root;

    private static List<byte[]> sound() {
        ByteArrayOutputStream segment = new ByteArrayOutputStream();
        segment.writeBytes(new SegmentHeader(new UUID(1, 2), new SegmentName(1, 1), 1, Map.of("books", 0L)).toBytes());
        long sequence = 1;
        for (List<Change> changes : List.of(
                List.<Change>of(
                        new Change.Put("books", ID, 1, 1, new byte[300]), new Change.Mark("books", ID, 1, 7, 1)),
                List.<Change>of(new Change.Delete("books", ID, 2), new Change.Unmark("books", ID, 1)),
                List.<Change>of(new Change.Park("books", ID, 3, "refused"), new Change.Retry("books", ID)),
                List.<Change>of(
                        new Change.Entry("books", LedgerEntry.first(new UUID(1, 2), Position.NONE)),
                        new Change.Seen("books", new Position("t", 3, "k", Instant.ofEpochSecond(5, 7))),
                        new Change.Noted("books", Phase.DB_PRIMARY),
                        new Change.History("books", "a line"),
                        new Change.Token("books", "token"),
                        new Change.Counters("books", 9, 8),
                        new Change.Reserved("books", 64)))) {
            ByteWriter frame = new ByteWriter(64);
            Frames.write(frame, sequence, sequence - 1, sequence, changes);
            segment.writeBytes(Arrays.copyOf(frame.array(), frame.size()));
            sequence++;
        }
        byte[] whole = segment.toByteArray();
        return List.of(whole, Arrays.copyOf(whole, whole.length + 700), Arrays.copyOf(whole, 200));
    }

    @Test
    void aJournalIsReadOrRefusedInOurOwnWords() throws IOException {
        Fuzz.inputs(5_000, sound(), target());
    }

    @Tag("slow")
    @Test
    void aJournalIsReadOrRefusedInOurOwnWordsForLong() throws IOException {
        Fuzz.untilTheEnd("journals", sound(), target());
    }

    private Fuzz.Target target() throws IOException {
        StoreDirectory directory = new StoreDirectory(root);
        Files.createDirectory(directory.hidden());
        Path segment = directory.segment(1, 1);
        return (random, input) -> {
            try {
                Files.write(segment, random.nextInt(4) > 0 ? mended(input) : input);
                return JournalReader.read(directory).content() != null;
            } catch (CorruptFileException refused) {
                assertThat(refused.getMessage()).isNotBlank();
                return false;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    /** With the checksums that belong to what is there, as far as frames can be told apart. */
    static byte[] mended(byte[] input) {
        byte[] bytes = input.clone();
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        if (bytes.length < SegmentHeader.FIXED) {
            return bytes;
        }
        int length = buffer.getInt(8);
        if (length > 0 && length <= bytes.length - SegmentHeader.FIXED) {
            buffer.putInt(12, Frames.checksum(bytes, SegmentHeader.FIXED, length));
        }
        for (int at = 0; at <= bytes.length - Frames.HEADER; at++) {
            if (buffer.getInt(at) == Frames.MAGIC) {
                int payload = buffer.getInt(at + 4);
                int from = at + Frames.HEADER;
                if (payload > 0 && payload < bytes.length - from) {
                    bytes[from + payload] = Frames.END;
                    buffer.putInt(at + 24, Frames.checksum(bytes, from, payload));
                }
                buffer.putInt(at + 28, Frames.checksum(bytes, at, Frames.HEADER - 5));
            }
        }
        return bytes;
    }

    /** So that the checksums mended above are those that are checked. */
    @Test
    void mendingWhatIsSoundChangesNothing() {
        byte[] sound = sound().get(0);
        assertThat(mended(sound)).isEqualTo(sound);
        byte[] other = sound.clone();
        new Random(1).nextBytes(other);
        assertThat(mended(other)).hasSameSizeAs(sound);
    }
}
