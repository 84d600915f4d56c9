package dev.switchover.json.file;

import dev.switchover.storage.JsonLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A user's file taken apart: where each record is, its text untouched. The records themselves have not been looked into.
 * Immutable.
 */
public final class ParsedFile {

    static final int FIELDS = 4;
    private static final String BYTE_ORDER_MARK =
            "the file begins with a byte order mark, which JSON does not allow; save it as UTF-8 without one";

    private final byte[] text;
    private final JsonLayout layout;
    private final FileStyle style;
    private final byte @Nullable [] envelope;
    private final int[] places;

    private final int size;
    private final boolean whole;

    /** @param places for each record: begin and end of its key, begin and end of its value */
    ParsedFile(
            byte[] text,
            JsonLayout layout,
            FileStyle style,
            byte @Nullable [] envelope,
            int[] places,
            int size,
            boolean whole) {
        this.text = text;
        this.layout = layout;
        this.style = style;
        this.envelope = envelope;
        this.places = places;
        this.size = size;
        this.whole = whole;
    }

    /** Is told of what is wrong outside of the records. */
    public interface Damage {
        /** @param problem what and where */
        void found(String problem) throws MalformedFileException;
    }

    /**
     * Takes the bytes of a file apart.
     *
     * @param fallback the style of what the file has too little of to sample
     */
    public static ParsedFile parse(byte[] file, JsonLayout layout, FileStyle fallback) throws MalformedFileException {
        FileStyle style = fallback;
        byte[] text = file;
        if (layout.encoding() == JsonLayout.Encoding.BASE64) {
            text = Base64Text.decode(file);
            style = style.encoded(Base64Text.style(file, fallback.base64()));
        }
        checkEncoding(text);
        Container container = Container.in(text, layout);
        Damage refused = problem -> {
            throw new MalformedFileException(problem);
        };
        return new RecordWalk(text, layout, new JsonScanner(text), container.start(), style, refused).parse();
    }

    /**
     * The same for a file that may be damaged: goes on behind what is wrong as long as it can tell where the next record begins.
     * Neither the records, nor their keys, nor what is around them have been checked, not even for UTF-8.
     *
     * @param damage is told of everything else that is wrong; must not throw
     * @throws MalformedFileException if no record can be found in the file at all
     */
    public static ParsedFile parseDamaged(byte[] file, JsonLayout layout, Damage damage) throws MalformedFileException {
        byte[] text = layout.encoding() == JsonLayout.Encoding.BASE64 ? Base64Text.decode(file) : file;
        if (hasByteOrderMark(text)) {
            damage.found(BYTE_ORDER_MARK);
            text = Arrays.copyOfRange(text, 3, text.length);
        }
        JsonScanner scanner = new JsonScanner(text, true);
        Container container = Container.in(text, layout, scanner);
        return new RecordWalk(text, layout, scanner, container.start(), FileStyle.of(layout), damage).parseDamaged();
    }

    private static boolean hasByteOrderMark(byte[] text) {
        return text.length >= 3 && text[0] == (byte) 0xEF && text[1] == (byte) 0xBB && text[2] == (byte) 0xBF;
    }

    private static void checkEncoding(byte[] text) throws MalformedFileException {
        if (hasByteOrderMark(text)) {
            throw new MalformedFileException(BYTE_ORDER_MARK);
        }
        int invalid = Utf8.firstInvalid(text);
        if (invalid >= 0) {
            throw new MalformedFileException(
                    "this is not UTF-8, " + JsonScanner.place(text, invalid) + "; save the file as UTF-8");
        }
    }

    /** How many records. */
    public int size() {
        return size;
    }

    public FileStyle style() {
        return style;
    }

    /** The text around the records, with an empty container; null where the layout has no envelope. */
    public byte @Nullable [] envelope() {
        return envelope;
    }

    /** The text of a record. */
    public byte[] body(int record) {
        return Arrays.copyOfRange(text, places[record * FIELDS + 2], places[record * FIELDS + 3]);
    }

    /** The key of a record; only of a file keyed by id. */
    public String key(int record) throws MalformedFileException {
        return new JsonScanner(text).unquote(places[record * FIELDS], places[record * FIELDS + 1]);
    }

    /** The key of a record in a damaged file. */
    public String checkedKey(int record) throws MalformedFileException {
        byte[] key = keyText(record);
        if (Utf8.firstInvalid(key) >= 0) {
            throw new MalformedFileException("this is not UTF-8; save the file as UTF-8");
        }
        // Without leniency: a control character is a fault here, too.
        new JsonScanner(key).string(0);
        return key(record);
    }

    /** The key's own text, quotes included, as it may be escaped in another way than ours. */
    public byte[] keyText(int record) {
        return Arrays.copyOfRange(text, places[record * FIELDS], places[record * FIELDS + 1]);
    }

    public boolean isKeyed() {
        return layout.shape() == JsonLayout.Shape.OBJECT;
    }

    /** Where a record is, for people. */
    public String place(int record) {
        return JsonScanner.place(text, places[record * FIELDS + 2]);
    }

    /** The same for many records, each behind the one before. */
    public Places places() {
        return new Places();
    }

    /** False if a damaged file could not be read to its end. */
    public boolean isWhole() {
        return whole;
    }

    /** Counts lines only once. Used by one thread. */
    public final class Places {
        private int at;
        private int line = 1;
        private int lineBegins;

        private Places() {}

        /** Where a record is, for people. */
        public String of(int record) {
            int offset = places[record * FIELDS + 2];
            for (; at < offset; at++) {
                if (text[at] == '\n') {
                    line++;
                    lineBegins = at + 1;
                }
            }
            return "line " + line + ", byte " + (offset - lineBegins + 1) + " of it";
        }
    }
}
