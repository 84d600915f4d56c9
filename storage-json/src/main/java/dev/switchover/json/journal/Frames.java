package dev.switchover.json.journal;

import dev.switchover.json.binary.ByteReader;
import dev.switchover.json.binary.ByteWriter;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** The form of a frame, drawn in the package's description. */
final class Frames {

    /** Two of its bytes occur in no UTF-8 text, so no record's body can look like a frame. */
    static final int MAGIC = 0xF5_53_57_FF;

    static final int HEADER = 33;
    static final int OVERHEAD = HEADER + 1;
    static final int END = 0x5A;
    private static final int HEADER_END = 0xA5;
    /** The smallest piece a disk writes whole. */
    private static final int SECTOR = 512;

    private Frames() {}

    /** What lies at one place of a segment. */
    sealed interface Found {
        /** @param next offset behind it */
        record Good(Frame frame, int next) implements Found {}

        /** Nothing, or a frame that was not written to its end. */
        record Torn() implements Found {}

        /** All of a frame, but not as it was written. */
        record Damaged() implements Found {}
    }

    static int checksum(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    static void write(ByteWriter to, long sequence, long forced, long millis, List<Change> changes) {
        int start = to.size();
        to.skip(HEADER);
        ChangeCodec.write(to, millis, changes);
        int length = to.size() - start - HEADER;
        to.octet(END);
        ByteBuffer header = ByteBuffer.wrap(to.array(), start, HEADER);
        header.putInt(MAGIC)
                .putInt(length)
                .putLong(sequence)
                .putLong(forced)
                .putInt(checksum(to.array(), start + HEADER, length));
        header.putInt(checksum(to.array(), start, HEADER - 5)).put((byte) HEADER_END);
    }

    static Found read(byte[] segment, int at, long expected) {
        if (segment.length - at < HEADER
                || segment[at + HEADER - 1] == 0
                || hasUnwrittenSector(segment, at, at + HEADER)) {
            return new Found.Torn();
        }
        Header header = header(segment, at);
        if (header == null || header.sequence != expected || header.length < 1) {
            return new Found.Damaged();
        }
        int payload = at + HEADER;
        if (header.length > segment.length - payload - 1) {
            return new Found.Torn();
        }
        int end = payload + header.length;
        if (segment[end] == END && checksum(segment, payload, header.length) == header.payloadChecksum) {
            ByteReader from = new ByteReader(segment, payload, header.length);
            return new Found.Good(ChangeCodec.read(header.sequence, from), end + 1);
        }
        boolean torn = segment[end] == 0 || hasUnwrittenSector(segment, payload, end + 1);
        return torn ? new Found.Torn() : new Found.Damaged();
    }

    /** Whether a frame behind {@code at} says that the frame {@code sequence} had been forced when it was written. */
    static boolean laterOneKnowsForced(byte[] segment, int at, long sequence) {
        for (int i = at + 1; i <= segment.length - HEADER; i++) {
            if (segment[i] == (byte) (MAGIC >>> 24)) {
                Header header = header(segment, i);
                if (header != null && header.forced >= sequence) {
                    return true;
                }
            }
        }
        return false;
    }

    private record Header(int length, long sequence, long forced, int payloadChecksum) {}

    private static @Nullable Header header(byte[] segment, int at) {
        ByteBuffer bytes = ByteBuffer.wrap(segment, at, HEADER);
        if (bytes.getInt() != MAGIC || segment[at + HEADER - 1] != (byte) HEADER_END) {
            return null;
        }
        Header header = new Header(bytes.getInt(), bytes.getLong(), bytes.getLong(), bytes.getInt());
        return bytes.getInt() == checksum(segment, at, HEADER - 5) ? header : null;
    }

    /** Unwritten space is zero, and written space has few zeros: a sector of nothing else was never written. */
    static boolean hasUnwrittenSector(byte[] segment, int from, int to) {
        int at = from;
        while (at < to) {
            int end = Math.min(to, (at / SECTOR + 1) * SECTOR);
            boolean zero = true;
            for (int i = at; i < end && zero; i++) {
                zero = segment[i] == 0;
            }
            if (zero) {
                return true;
            }
            at = end;
        }
        return false;
    }
}
