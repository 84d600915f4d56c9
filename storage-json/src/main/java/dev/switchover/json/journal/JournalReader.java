package dev.switchover.json.journal;

import dev.switchover.json.directory.StoreDirectory;
import dev.switchover.storage.CorruptFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads a journal as it lies there and changes nothing. Beside a process that writes it, a frame that is being appended can look
 * damaged; the next reading finds it whole.
 */
public final class JournalReader {

    private static final String REMEDY =
            "; put the directory back from a backup, or move its folder .switchover away to start from the JSON files alone";

    private final StoreDirectory directory;
    private final List<JournalContent.Segment> segments = new ArrayList<>();
    private final List<Frame> frames = new ArrayList<>();
    private final List<JournalContent.Gap> gaps = new ArrayList<>();
    private final List<Path> unfinished = new ArrayList<>();
    private @Nullable UUID id;
    private long expected;
    private long cut;

    private JournalReader(StoreDirectory directory) {
        this.directory = directory;
    }

    /**
     * What was found.
     *
     * @param content null if there is no journal
     * @param unfinished segments that were being created; nothing was ever in them
     */
    public record Found(@Nullable JournalContent content, List<Path> unfinished) {}

    /**
     * Reads what is there.
     *
     * @throws CorruptFileException if a frame that had been acknowledged, or a segment, is damaged
     */
    public static Found read(StoreDirectory directory) throws IOException {
        return new JournalReader(directory).readAll();
    }

    private Found readAll() throws IOException {
        SortedMap<SegmentName, Path> files = files();
        List<Loaded> loaded = new ArrayList<>();
        for (var file : files.entrySet()) {
            boolean newest = file.getKey().equals(files.lastKey());
            Loaded segment = load(file.getKey(), file.getValue(), newest);
            if (segment == null) {
                unfinished.add(file.getValue());
            } else {
                loaded.add(segment);
            }
        }
        for (int i = 0; i < loaded.size(); i++) {
            readFrames(loaded.get(i), i + 1 < loaded.size() ? loaded.get(i + 1) : null);
        }
        JournalContent content = id == null
                ? null
                : new JournalContent(id, List.copyOf(segments), List.copyOf(frames), List.copyOf(gaps), cut);
        return new Found(content, List.copyOf(unfinished));
    }

    private SortedMap<SegmentName, Path> files() throws IOException {
        SortedMap<SegmentName, Path> files = new TreeMap<>();
        if (Files.isDirectory(directory.hidden())) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(directory.hidden(), "journal-*")) {
                for (Path file : found) {
                    SegmentName name = SegmentName.of(file);
                    if (name != null) {
                        files.put(name, file);
                    }
                }
            }
        }
        return files;
    }

    private record Loaded(SegmentHeader header, Path file, byte[] bytes, int start) {}

    private @Nullable Loaded load(SegmentName name, Path file, boolean newest) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int length = headerLength(bytes);
        if (length < 0) {
            // Its header is forced before anything is acknowledged in it, so an unfinished one holds nothing.
            if (newest && isUnfinished(bytes)) {
                return null;
            }
            throw new CorruptFileException(file, "the beginning of this journal segment is damaged" + REMEDY, null);
        }
        SegmentHeader header;
        try {
            header = SegmentHeader.read(bytes, length);
        } catch (IllegalStateException foreign) {
            throw new CorruptFileException(file, "this journal segment was " + foreign.getMessage(), foreign);
        }
        if (!header.name().equals(name)) {
            throw new CorruptFileException(
                    file, "this journal segment was written under the name " + header.name() + REMEDY, null);
        }
        if (id == null) {
            id = header.directory();
        } else if (!id.equals(header.directory())) {
            throw new CorruptFileException(file, "this journal segment comes from another directory" + REMEDY, null);
        }
        return new Loaded(header, file, bytes, SegmentHeader.FIXED + length);
    }

    /** The length of the header if it is whole, or -1. */
    private static int headerLength(byte[] bytes) {
        if (bytes.length < SegmentHeader.FIXED || !Arrays.equals(bytes, 0, 8, SegmentHeader.MAGIC, 0, 8)) {
            return -1;
        }
        ByteBuffer fixed = ByteBuffer.wrap(bytes, 8, 8);
        int length = fixed.getInt();
        boolean whole = length > 0
                && length <= bytes.length - SegmentHeader.FIXED
                && Frames.checksum(bytes, SegmentHeader.FIXED, length) == fixed.getInt();
        return whole ? length : -1;
    }

    /** Whether the header was cut off while the segment was being created: part of it was never written, and no frame was. */
    private static boolean isUnfinished(byte[] bytes) {
        if (bytes.length < SegmentHeader.FIXED) {
            return true;
        }
        long end = SegmentHeader.FIXED + (long) ByteBuffer.wrap(bytes, 8, 4).getInt();
        boolean partly = end <= SegmentHeader.FIXED
                || end > bytes.length
                || bytes[(int) end - 1] == 0
                || Frames.hasUnwrittenSector(bytes, 0, (int) end);
        return partly && !Frames.laterOneKnowsForced(bytes, -1, 0);
    }

    private static boolean allZero(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private void readFrames(Loaded segment, @Nullable Loaded next) {
        SegmentHeader header = segment.header;
        if (segments.isEmpty() || header.first() > expected) {
            gaps.add(new JournalContent.Gap(
                    segments.isEmpty() ? 0 : expected, header.name(), segment.file, header.lastChanges()));
        } else if (header.first() < expected) {
            throw new CorruptFileException(
                    segment.file, "this journal segment begins before the one before it ends" + REMEDY, null);
        }
        segments.add(new JournalContent.Segment(header.name(), segment.file, header.first(), header.lastChanges()));
        expected = header.first();
        int at = segment.start;
        while (next == null || expected < next.header.first()) {
            Frames.Found found = found(segment, at);
            if (found instanceof Frames.Found.Good good) {
                frames.add(good.frame());
                expected++;
                at = good.next();
            } else if (next != null) {
                // The next segment tells, by the last changes in its header, whether anything of this is missed.
                return;
            } else if (found instanceof Frames.Found.Damaged
                    || Frames.laterOneKnowsForced(segment.bytes, at, expected)) {
                throw new CorruptFileException(
                        segment.file,
                        "the journal is damaged at offset " + at + ", in frame " + expected
                                + ", which had been written completely" + REMEDY,
                        null);
            } else {
                cut = allZero(segment.bytes, at) ? 0 : segment.bytes.length - at;
                return;
            }
        }
    }

    private static Frames.Found found(Loaded segment, int at, long sequence) {
        try {
            return Frames.read(segment.bytes, at, sequence);
        } catch (IllegalStateException foreign) {
            throw new CorruptFileException(
                    segment.file,
                    "frame " + sequence + " of the journal cannot be understood: " + foreign.getMessage()
                            + "; open the directory with the version that wrote it",
                    foreign);
        }
    }

    private Frames.Found found(Loaded segment, int at) {
        return found(segment, at, expected);
    }
}
