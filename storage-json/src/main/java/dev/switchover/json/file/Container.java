package dev.switchover.json.file;

import dev.switchover.storage.JsonLayout;

/**
 * Where the container of the records is.
 *
 * @param start offset of its opening bracket
 */
record Container(int start) {

    /** Finds the container the layout's pointer names. */
    static Container in(byte[] text, JsonLayout layout) throws MalformedFileException {
        JsonScanner scanner = new JsonScanner(text);
        if (layout.hasEnvelope()) {
            int end = scanner.space(scanner.value(scanner.space(0)));
            if (end < text.length) {
                throw scanner.wrong(end, "there is more behind the JSON value");
            }
        }
        return in(text, layout, scanner);
    }

    /** The same in a text of which only what comes before the container has to be sound. */
    static Container in(byte[] text, JsonLayout layout, JsonScanner scanner) throws MalformedFileException {
        int at = scanner.space(0);
        if (layout.hasEnvelope()) {
            String[] tokens = layout.pointer().substring(1).split("/", -1);
            for (String token : tokens) {
                at = enter(scanner, text, at, token.replace("~1", "/").replace("~0", "~"), layout.pointer());
            }
        }
        char bracket = layout.shape() == JsonLayout.Shape.ARRAY ? '[' : '{';
        if (!scanner.is(at, bracket)) {
            String wanted = layout.shape() == JsonLayout.Shape.ARRAY ? "an array" : "an object";
            String place = layout.hasEnvelope() ? " at " + layout.pointer() : "";
            throw scanner.wrong(
                    at,
                    "the layout says that the records are in " + wanted + place
                            + ", but there is something else; correct the file or the collection's JSON layout");
        }
        return new Container(at);
    }

    private static int enter(JsonScanner scanner, byte[] text, int at, String token, String pointer)
            throws MalformedFileException {
        if (scanner.is(at, '[')) {
            return element(scanner, at, token, pointer);
        }
        if (!scanner.is(at, '{')) {
            throw scanner.wrong(at, "there is no object or array to find " + pointer + " in");
        }
        int i = scanner.space(at + 1);
        while (!scanner.is(i, '}')) {
            int keyEnd = scanner.string(i);
            String key = scanner.unquote(i, keyEnd);
            i = scanner.space(scanner.expect(scanner.space(keyEnd), ':', "behind a key"));
            if (key.equals(token)) {
                return i;
            }
            i = scanner.space(scanner.value(i));
            if (!scanner.is(i, '}')) {
                i = scanner.space(scanner.expect(i, ',', "or } behind a member"));
            }
        }
        throw scanner.wrong(
                at,
                "there is nothing at " + pointer
                        + ", where the layout says that the records are; correct the file or the collection's JSON layout");
    }

    private static int element(JsonScanner scanner, int at, String token, String pointer)
            throws MalformedFileException {
        int i = scanner.space(at + 1);
        for (int index = 0; !scanner.is(i, ']'); index++) {
            if (token.equals(Integer.toString(index))) {
                return i;
            }
            i = scanner.space(scanner.value(i));
            if (!scanner.is(i, ']')) {
                i = scanner.space(scanner.expect(i, ',', "or ] behind an element"));
            }
        }
        throw scanner.wrong(
                at,
                "there is nothing at " + pointer
                        + ", where the layout says that the records are; correct the file or the collection's JSON layout");
    }
}
