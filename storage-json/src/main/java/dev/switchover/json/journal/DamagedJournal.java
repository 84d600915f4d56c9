package dev.switchover.json.journal;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Reads what is whole in a segment, whatever is around it: not to recover a store, but to find records. */
public final class DamagedJournal {

    private DamagedJournal() {}

    /**
     * Hands over each frame that is as it was written.
     *
     * @return how many bytes that are not zero belong to none
     */
    public static long frames(byte[] segment, Consumer<Frame> found) {
        long lost = 0;
        // From the beginning: a damaged header may say that it is longer than it is.
        int at = 0;
        int header = headerEnd(segment);
        boolean any = false;
        while (at < segment.length) {
            if (at == header && !any) {
                lost = 0;
            }
            int next = frame(segment, at, found);
            if (next < 0) {
                lost += segment[at] == 0 ? 0 : 1;
                at++;
            } else {
                at = next;
                any = true;
            }
        }
        return any || header < segment.length ? lost : 0;
    }

    /** Where the frames begin, if the segment's header is whole; otherwise its beginning. */
    private static int headerEnd(byte[] segment) {
        if (segment.length < SegmentHeader.FIXED) {
            return 0;
        }
        int length = ByteBuffer.wrap(segment, 8, 4).getInt();
        return length > 0 && length <= segment.length - SegmentHeader.FIXED ? SegmentHeader.FIXED + length : 0;
    }

    /** @return the place behind the frame at this one, or -1 if there is none */
    private static int frame(byte[] segment, int at, Consumer<Frame> found) {
        if (segment.length - at < Frames.OVERHEAD
                || ByteBuffer.wrap(segment, at, 4).getInt() != Frames.MAGIC) {
            return -1;
        }
        long sequence = ByteBuffer.wrap(segment, at + 8, 8).getLong();
        try {
            if (Frames.read(segment, at, sequence) instanceof Frames.Found.Good good) {
                found.accept(good.frame());
                return good.next();
            }
        } catch (IllegalStateException foreign) {
            // Written by another version; what it says is not to be had.
        }
        return -1;
    }
}
