package dev.switchover.dualwrite.switchover;

import dev.switchover.dualwrite.preflight.Volume;
import dev.switchover.json.recovery.FileLook;
import dev.switchover.storage.JsonLayout;

/**
 * How much more room the JSON store needs, at most, to take over what it lacks: all of it lies there at the same time. Pure.
 *
 * @param file the collection's next file, whole, beside the present one
 * @param checkpoint what is kept of each record beside the file: id, version, order
 * @param journal what is copied, until a checkpoint holds it
 * @param aside what is overwritten and was not known to be superseded
 */
record RoomNeeded(long file, long checkpoint, long journal, long aside) {

    /** Separator and indentation, with the record's last line. */
    private static final int AROUND_A_RECORD = 16;
    /** Length of the id, version and order, as variable-length numbers, in the worst case. */
    private static final int BOOKKEEPING = 24;
    /** The same and the collection's name, the frame's share and its checksum. */
    private static final int FRAMING = 96;
    /** The members beside the body in a line that is saved aside. */
    private static final int LINE = 320;
    /** Space in the journal is taken in such steps, for the segment in use and the one before it. */
    private static final long JOURNAL_STEPS = 2L << 20;

    /**
     * @param all what the file is going to hold
     * @param missing what has to be copied
     * @param overwritten what is saved aside first
     */
    static RoomNeeded of(JsonLayout layout, Volume all, Volume missing, Volume overwritten) {
        boolean keyed = layout.shape() == JsonLayout.Shape.OBJECT;
        long plain = all.bodyBytes() + all.records() * AROUND_A_RECORD + (keyed ? 2 * all.idBytes() : 0);
        // Four characters for three bytes, and a line break of up to two after each 76.
        long file = layout.encoding() == JsonLayout.Encoding.BASE64 ? plain / 3 * 4 + plain / 27 + 4 : plain;
        return new RoomNeeded(
                file,
                all.idBytes() + all.records() * BOOKKEEPING,
                missing.bodyBytes() + missing.idBytes() + missing.records() * FRAMING + JOURNAL_STEPS,
                // A body is a string there: each of its quotes and line breaks takes two characters.
                2 * overwritten.bodyBytes() + overwritten.idBytes() + overwritten.records() * LINE);
    }

    /** Whether the JSON store could read its next file: it holds a file in one array. */
    boolean fitsOneFile() {
        return file <= FileLook.LARGEST_FILE;
    }

    long bytes() {
        return file + checkpoint + journal + aside;
    }
}
