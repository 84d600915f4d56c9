package dev.switchover.json.file;

import dev.switchover.storage.JsonLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A user's file taken apart: where each record is, its text untouched. The records themselves have not been looked into.
 * Immutable.
 */
public final class ParsedFile {

    private static final int FIELDS = 4;

    private final byte[] text;
    private final JsonLayout layout;
    private final FileStyle style;
    private final byte @Nullable [] envelope;
    /** For each record: begin and end of its key, begin and end of its value. */
    private final int[] places;

    private final int size;

    private ParsedFile(
            byte[] text, JsonLayout layout, FileStyle style, byte @Nullable [] envelope, int[] places, int size) {
        this.text = text;
        this.layout = layout;
        this.style = style;
        this.envelope = envelope;
        this.places = places;
        this.size = size;
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
        return new Walk(text, layout, container.start(), style).parse();
    }

    private static void checkEncoding(byte[] text) throws MalformedFileException {
        if (text.length >= 3 && text[0] == (byte) 0xEF && text[1] == (byte) 0xBB && text[2] == (byte) 0xBF) {
            throw new MalformedFileException(
                    "the file begins with a byte order mark, which JSON does not allow; save it as UTF-8 without one");
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

    private static final class Walk {

        private final byte[] text;
        private final JsonLayout layout;
        private final JsonScanner scanner;
        private final int start;
        private final boolean keyed;
        private FileStyle style;
        private int[] places = new int[FIELDS * 64];
        private int size;

        Walk(byte[] text, JsonLayout layout, int start, FileStyle style) {
            this.text = text;
            this.layout = layout;
            this.scanner = new JsonScanner(text);
            this.start = start;
            this.keyed = layout.shape() == JsonLayout.Shape.OBJECT;
            this.style = style;
        }

        ParsedFile parse() throws MalformedFileException {
            char closer = keyed ? '}' : ']';
            int at = scanner.space(start + 1);
            while (!scanner.is(at, closer)) {
                at = record(at);
                int end = at;
                int behind = scanner.space(at);
                at = behind;
                if (!scanner.is(behind, closer)) {
                    int next = scanner.space(scanner.expect(behind, ',', "or " + closer + " behind record " + size));
                    if (scanner.is(next, closer)) {
                        throw scanner.wrong(next, "a comma behind the last record");
                    }
                    if (size == 1) {
                        style = style.separatedBy(string(end, next));
                    }
                    at = next;
                }
            }
            int end = scanner.space(start + 1);
            if (size > 0) {
                int last = places[(size - 1) * FIELDS + 3];
                end = scanner.space(last);
                int first = keyed ? places[0] : places[2];
                style = style.between(string(start + 1, first), string(last, end));
            }
            return finish(end + 1);
        }

        private int record(int at) throws MalformedFileException {
            int valueStart = at;
            int keyEnd = at;
            if (keyed) {
                keyEnd = scanner.string(at);
                int colon = scanner.space(keyEnd);
                valueStart = scanner.space(scanner.expect(colon, ':', "behind the key of record " + (size + 1)));
                if (size == 0) {
                    style = style.keyed(string(keyEnd, valueStart));
                }
            }
            int valueEnd = scanner.value(valueStart);
            if (!scanner.is(valueStart, '{')) {
                throw scanner.wrong(
                        valueStart,
                        "record " + (size + 1)
                                + " is no JSON object; correct the file or the collection's JSON layout");
            }
            add(at, keyEnd, valueStart, valueEnd);
            return valueEnd;
        }

        private void add(int keyStart, int keyEnd, int valueStart, int valueEnd) {
            int at = size * FIELDS;
            if (at == places.length) {
                places = Arrays.copyOf(places, places.length * 2);
            }
            places[at] = keyStart;
            places[at + 1] = keyEnd;
            places[at + 2] = valueStart;
            places[at + 3] = valueEnd;
            size++;
        }

        private ParsedFile finish(int behind) throws MalformedFileException {
            byte[] envelope = null;
            if (layout.hasEnvelope()) {
                envelope = new byte[start + 2 + text.length - behind];
                System.arraycopy(text, 0, envelope, 0, start + 1);
                System.arraycopy(text, behind - 1, envelope, start + 1, text.length - behind + 1);
            } else {
                int end = scanner.space(behind);
                if (end < text.length) {
                    throw scanner.wrong(end, "there is more behind the records");
                }
                style = style.around(string(0, start), string(behind, text.length));
            }
            return new ParsedFile(text, layout, style, envelope, places, size);
        }

        private String string(int from, int to) {
            return new String(text, from, to - from, StandardCharsets.UTF_8);
        }
    }
}
