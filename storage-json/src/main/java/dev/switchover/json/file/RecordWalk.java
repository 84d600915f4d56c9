package dev.switchover.json.file;

import dev.switchover.storage.JsonLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Finds the records of one container, one behind the other. Used once. */
final class RecordWalk {

    private static final int FIELDS = ParsedFile.FIELDS;
    private static final String MORE = "there is more behind the records";

    private final byte[] text;
    private final JsonLayout layout;
    private final JsonScanner scanner;
    private final int start;
    private final boolean keyed;
    private final ParsedFile.Damage damage;
    private FileStyle style;
    private int[] places = new int[FIELDS * 64];
    /** Records that are kept, of those seen. */
    private int size;

    private int seen;

    RecordWalk(
            byte[] text, JsonLayout layout, JsonScanner scanner, int start, FileStyle style, ParsedFile.Damage damage) {
        this.text = text;
        this.layout = layout;
        this.scanner = scanner;
        this.damage = damage;
        this.start = start;
        this.keyed = layout.shape() == JsonLayout.Shape.OBJECT;
        this.style = style;
    }

    ParsedFile parse() throws MalformedFileException {
        walk();
        int end = scanner.space(start + 1);
        if (size > 0) {
            int last = places[(size - 1) * FIELDS + 3];
            end = scanner.space(last);
            int first = keyed ? places[0] : places[2];
            style = style.between(string(start + 1, first), string(last, end));
        }
        return finish(end + 1);
    }

    ParsedFile parseDamaged() throws MalformedFileException {
        try {
            int behind = walk() + 1;
            byte[] envelope = layout.hasEnvelope() ? envelope(behind) : null;
            int end = scanner.space(behind);
            if (envelope == null && end < text.length) {
                damage.found(scanner.wrong(end, MORE).problem());
            }
            return new ParsedFile(text, layout, style, envelope, places, size, true);
        } catch (MalformedFileException lost) {
            damage.found(lost.problem() + "; from there on, behind record " + seen + ", the file was not read");
            return new ParsedFile(text, layout, style, null, places, size, false);
        }
    }

    /** @return the place of the closing bracket */
    private int walk() throws MalformedFileException {
        char closer = keyed ? '}' : ']';
        int at = scanner.space(start + 1);
        while (!scanner.is(at, closer)) {
            at = record(at);
            seen++;
            int end = at;
            int behind = scanner.space(at);
            at = behind;
            if (!scanner.is(behind, closer)) {
                int next = scanner.space(comma(behind, closer));
                if (scanner.is(next, closer)) {
                    damage.found(scanner.wrong(next, "a comma behind the last record")
                            .problem());
                }
                if (seen == 1) {
                    style = style.separatedBy(string(end, next));
                }
                at = next;
            }
        }
        return at;
    }

    private int comma(int at, char closer) throws MalformedFileException {
        String where = "or " + closer + " behind record " + seen;
        if (scanner.is(at, keyed ? '"' : '{')) {
            damage.found(scanner.wrong(at, "expected , " + where).problem());
            return at;
        }
        return scanner.expect(at, ',', where);
    }

    private int record(int at) throws MalformedFileException {
        int valueStart = at;
        int keyEnd = at;
        if (keyed) {
            keyEnd = scanner.string(at);
            int colon = scanner.space(keyEnd);
            valueStart = scanner.space(scanner.expect(colon, ':', "behind the key of record " + (seen + 1)));
            if (seen == 0) {
                style = style.keyed(string(keyEnd, valueStart));
            }
        }
        int valueEnd = scanner.value(valueStart);
        if (scanner.is(valueStart, '{')) {
            add(at, keyEnd, valueStart, valueEnd);
        } else {
            String what =
                    "record " + (seen + 1) + " is no JSON object; correct the file or the collection's JSON layout";
            damage.found(scanner.wrong(valueStart, what).problem());
        }
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
            envelope = envelope(behind);
        } else {
            int end = scanner.space(behind);
            if (end < text.length) {
                throw scanner.wrong(end, MORE);
            }
            style = style.around(string(0, start), string(behind, text.length));
        }
        return new ParsedFile(text, layout, style, envelope, places, size, true);
    }

    private byte[] envelope(int behind) {
        byte[] envelope = new byte[start + 2 + text.length - behind];
        System.arraycopy(text, 0, envelope, 0, start + 1);
        System.arraycopy(text, behind - 1, envelope, start + 1, text.length - behind + 1);
        return envelope;
    }

    private String string(int from, int to) {
        return new String(text, from, to - from, StandardCharsets.UTF_8);
    }
}
