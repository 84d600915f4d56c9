package dev.switchover.json.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.json.directory.StoreDirectory;
import dev.switchover.json.testing.FaultyDisk;
import dev.switchover.storage.CorruptFileException;
import dev.switchover.storage.Phase;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Position;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

    private static final UUID ID = new UUID(1, 2);
    private static final int FRAMES = 6;

    @TempDir
    Path root;

    private StoreDirectory directory;
    private Path first;

    @BeforeEach
    void hiddenFolder() throws IOException {
        directory = new StoreDirectory(root);
        Files.createDirectory(directory.hidden());
        first = directory.segment(1, 1);
    }

    private Journal journal(long term, long lastSequence, Map<String, Long> lastChanges) throws IOException {
        return new Journal(FaultyDisk.sound(root), directory, ID, term, lastSequence, lastChanges);
    }

    private static List<Change> changes(int frame) {
        String name = "books";
        RecordId id = new RecordId("é" + frame);
        List<List<Change>> all = List.of(
                List.of(new Change.Put(name, id, frame, frame, new byte[700]), new Change.Mark(name, id, frame, 7, 1)),
                List.of(new Change.Delete(name, id, 1L << 40), new Change.Unmark(name, id, 5)),
                List.of(new Change.Park(name, id, 3, "refused"), new Change.Retry(name, id)),
                List.of(new Change.Counters(name, 9, 8), new Change.Reserved(name, 64)),
                List.of(
                        new Change.Entry(name, LedgerEntry.first(ID, Position.NONE)),
                        new Change.Seen(name, new Position("t", 3, "k", Instant.ofEpochSecond(5, 7))),
                        new Change.History(name, "a line")),
                List.of(new Change.Token(name, "token"), new Change.Noted(name, Phase.DB_PRIMARY)));
        List<Change> chosen = new ArrayList<>(all.get(frame % all.size()));
        chosen.add(new Change.Put("shelf", id, frame, frame, ("text " + frame).getBytes(StandardCharsets.UTF_8)));
        return chosen;
    }

    /** Each frame is forced before the next one is written. */
    private byte[] written() throws IOException {
        Journal journal = journal(1, 0, Map.of());
        for (int i = 1; i <= FRAMES; i++) {
            journal.stage(i, changes(i));
            journal.makeRoom();
            journal.append();
            journal.force();
        }
        journal.close();
        return Files.readAllBytes(first);
    }

    private JournalContent read() throws IOException {
        JournalContent content = JournalReader.read(directory).content();
        if (content == null) {
            throw new IOException("no journal");
        }
        return content;
    }

    private void assertBeginning(List<Frame> frames) {
        for (int i = 0; i < frames.size(); i++) {
            assertThat(frames.get(i).sequence()).isEqualTo(i + 1);
            assertThat(frames.get(i).millis()).isEqualTo(i + 1);
            assertThat(frames.get(i).changes()).usingRecursiveComparison().isEqualTo(changes(i + 1));
        }
    }

    @Test
    void everyKindOfChangeIsReadAsItWasWritten() throws IOException {
        written();
        JournalContent content = read();
        assertThat(content.directory()).isEqualTo(ID);
        assertThat(content.frames()).hasSize(FRAMES);
        assertThat(content.cut()).isZero();
        assertBeginning(content.frames());
    }

    @Test
    void everyPrefixGivesTheFramesThatAreWholeInIt() throws IOException {
        byte[] whole = written();
        int before = 0;
        for (int length = 0; length <= whole.length; length++) {
            for (byte[] state : List.of(Arrays.copyOf(whole, length), zeroed(whole, length))) {
                Files.write(first, state);
                JournalReader.Found found = JournalReader.read(directory);
                JournalContent content = found.content();
                int frames = content == null ? 0 : content.frames().size();
                assertThat(frames).as("prefix of %s bytes", length).isBetween(before, before + 1);
                if (content == null) {
                    assertThat(found.unfinished()).containsExactly(first);
                } else {
                    assertBeginning(content.frames());
                }
                before = frames;
            }
        }
        assertThat(before).isEqualTo(FRAMES);
    }

    /** The rest was never written: it is still as it was when the space was taken. */
    private static byte[] zeroed(byte[] whole, int length) {
        return Arrays.copyOf(Arrays.copyOf(whole, length), whole.length + 1_000);
    }

    @Test
    void everyFlippedBitIsDetected() throws IOException {
        byte[] whole = Arrays.copyOf(written(), Files.readAllBytes(first).length + 200);
        int end = whole.length - 200;
        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(first, flipped);
            String what = "bit " + bit + " of byte " + bit / 8;
            if (bit / 8 < end) {
                assertThatThrownBy(this::read).as(what).isInstanceOf(CorruptFileException.class);
            } else {
                readUnlessRefused(what);
            }
        }
    }

    /** Behind the last frame there is nothing to lose: it may be noticed or not. */
    private void readUnlessRefused(String what) throws IOException {
        try {
            assertThat(read().frames()).as(what).hasSize(FRAMES);
        } catch (CorruptFileException noticed) {
            assertThat(noticed).hasMessageContaining("damaged");
        }
    }

    @Test
    void aTornFrameIsCutEvenIfLaterOnesOfTheSameForceAreWhole() throws IOException {
        Journal journal = journal(1, 0, Map.of());
        journal.stage(1, changes(1));
        journal.makeRoom();
        journal.append();
        journal.force();
        long before = journal.length();
        journal.stage(2, changes(6));
        journal.stage(3, changes(2));
        journal.makeRoom();
        journal.append();
        byte[] bytes = Files.readAllBytes(first);
        int start = bytes.length - 1;
        while (bytes[start] == 0) {
            start--;
        }
        // The sector with the second frame's beginning never reached the disk.
        int header = read().frames().size() == 3 ? (int) before : 0;
        int from = firstFrame(bytes) + header;
        Arrays.fill(bytes, from, from + 40, (byte) 0);
        Files.write(first, bytes);
        JournalContent content = read();
        assertThat(content.frames()).hasSize(1);
        assertThat(content.cut()).isPositive();
    }

    private static int firstFrame(byte[] segment) {
        int at = 0;
        while (segment[at] != (byte) 0xF5) {
            at++;
        }
        return at;
    }

    @Test
    void aZeroedFrameThatWasForcedIsDamage() throws IOException {
        byte[] whole = written();
        int from = firstFrame(whole);
        Arrays.fill(whole, from, from + 40, (byte) 0);
        Files.write(first, whole);
        assertThatThrownBy(this::read)
                .isInstanceOf(CorruptFileException.class)
                .hasMessageContaining("in frame 1, which had been written completely")
                .hasMessageContaining("The file has not been changed");
    }

    @Test
    void theNextSegmentCutsOffWhatItDidNotKnow() throws IOException {
        written();
        Journal next = journal(2, 4, Map.of("books", 4L, "shelf", 4L));
        next.stage(50, changes(5));
        next.makeRoom();
        next.append();
        next.force();
        JournalContent content = read();
        assertThat(content.frames()).extracting(Frame::sequence).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(content.frames().get(4).millis()).isEqualTo(50);
        assertThat(content.lastSequence()).isEqualTo(5);
        assertThat(content.newest()).isEqualTo(new SegmentName(2, 1));
    }

    @Test
    void aGapBetweenSegmentsIsTold() throws IOException {
        written();
        journal(2, 9, Map.of("books", 9L, "shelf", 2L)).close();
        assertThat(read().gaps()).anySatisfy(gap -> {
            assertThat(gap.from()).isEqualTo(7);
            assertThat(gap.lastChanges()).containsEntry("books", 9L);
        });
    }

    @Test
    void segmentsOfTwoDirectoriesAreRefused() throws IOException {
        written();
        new Journal(FaultyDisk.sound(root), directory, new UUID(3, 4), 2, FRAMES, Map.of()).close();
        assertThatThrownBy(this::read)
                .isInstanceOf(CorruptFileException.class)
                .hasMessageContaining("comes from another directory");
    }

    @Test
    void aRenamedSegmentIsRefused() throws IOException {
        written();
        Files.move(first, directory.segment(1, 3));
        assertThatThrownBy(this::read)
                .isInstanceOf(CorruptFileException.class)
                .hasMessageContaining("under the name journal-1-1");
    }

    @Test
    void segmentsAreDeletedOnlyWhenCheckpointsCoverThem() throws IOException {
        written();
        Journal next = journal(2, FRAMES, Map.of("books", 6L, "shelf", 6L));
        next.inherit(read().segments().subList(0, 1));
        next.deleteCovered(Map.of("books", 6L, "shelf", 5L));
        assertThat(first).exists();
        next.deleteCovered(Map.of("books", 6L, "shelf", 6L));
        assertThat(first).doesNotExist();
    }
}
