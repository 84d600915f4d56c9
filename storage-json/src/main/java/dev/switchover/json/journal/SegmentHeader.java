package dev.switchover.json.journal;

import dev.switchover.json.binary.ByteReader;
import dev.switchover.json.binary.ByteWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * The beginning of a segment. It is on the disk, under its name, before the first frame is written.
 *
 * @param first the sequence of its first frame; frames of earlier segments from this sequence on never happened
 * @param lastChanges for each collection the sequence of its last change before this segment: what must still be there, or
 *     be covered by a checkpoint
 */
record SegmentHeader(UUID directory, SegmentName name, long first, Map<String, Long> lastChanges) {

    static final byte[] MAGIC = "SWOJRNL1".getBytes(StandardCharsets.US_ASCII);
    private static final int FORMAT = 1;
    /** Magic, length, checksum. */
    static final int FIXED = 16;

    byte[] toBytes() {
        ByteWriter body = new ByteWriter(128)
                .number(FORMAT)
                .fixed(directory.getMostSignificantBits())
                .fixed(directory.getLeastSignificantBits())
                .number(name.term())
                .number(name.number())
                .number(first)
                .number(lastChanges.size());
        lastChanges.forEach((collection, sequence) -> body.text(collection).number(sequence));
        body.octet(Frames.END);
        ByteBuffer bytes = ByteBuffer.allocate(FIXED + body.size());
        bytes.put(MAGIC).putInt(body.size()).putInt(Frames.checksum(body.array(), 0, body.size()));
        bytes.put(body.array(), 0, body.size());
        return bytes.array();
    }

    /** Reads a header whose checksum is right. */
    static SegmentHeader read(byte[] segment, int length) {
        ByteReader from = new ByteReader(segment, FIXED, length);
        long format = from.number();
        if (format != FORMAT) {
            throw new IllegalStateException("written by a newer version (format " + format + ")");
        }
        UUID directory = new UUID(from.fixed(), from.fixed());
        SegmentName name = new SegmentName(from.number(), from.number());
        long first = from.number();
        int collections = from.count();
        Map<String, Long> lastChanges = new LinkedHashMap<>();
        for (int i = 0; i < collections; i++) {
            lastChanges.put(from.text(), from.number());
        }
        return new SegmentHeader(directory, name, first, Map.copyOf(lastChanges));
    }
}
