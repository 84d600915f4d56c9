package dev.switchover.storage.document;

import dev.switchover.storage.DocumentLimits;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks that bytes are strict JSON which either store can hold: exactly one object or array, valid UTF-8 without a byte order
 * mark, no key twice in one object, no NUL and no lone surrogate in any string or key, and everything within the limits.
 *
 * <p>One pass over the bytes, nothing built. Not Jackson: its parser lets overlong UTF-8 and lone surrogates pass, makes numbers
 * before it can be asked not to, and its offsets are dear.
 */
public final class StrictJson {

    private final byte[] text;
    private final DocumentLimits limits;
    private final KeySet keys = new KeySet();

    private int at;
    private int tokens;
    private int depth;
    /** Behind the last complete member of the outermost object. */
    private int sound;
    /** For each level: the offset of the present key's opening quote, or minus one minus the index in an array. */
    private int[] path = new int[16];

    private StrictJson(byte[] text, DocumentLimits limits) {
        this.text = text;
        this.limits = limits;
    }

    /**
     * Checks a text, which may be surrounded by white space.
     *
     * @throws MalformedJsonException with the place of the first offence
     */
    public static void check(byte[] text, DocumentLimits limits) throws MalformedJsonException {
        new StrictJson(text, limits).document();
    }

    private void document() throws MalformedJsonException {
        if (text.length > limits.bytes()) {
            throw error("is longer than " + limits.bytes() + " bytes");
        }
        if (text.length >= 3 && text[0] == (byte) 0xEF && text[1] == (byte) 0xBB && text[2] == (byte) 0xBF) {
            throw error("begins with a byte order mark; leave it out");
        }
        blanks();
        if (at == text.length || (text[at] != '{' && text[at] != '[')) {
            throw error("is no JSON object");
        }
        value();
        blanks();
        if (at < text.length) {
            throw error("something follows the end of the JSON text");
        }
    }

    private void value() throws MalformedJsonException {
        if (at == text.length) {
            throw error("the text breaks off");
        }
        byte first = text[at];
        switch (first) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> {
                token();
                string();
            }
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            default -> {
                if (first != '-' && !digit(first)) {
                    throw error("is no JSON value");
                }
                token();
                number();
            }
        }
    }

    private void object() throws MalformedJsonException {
        enter();
        int base = keys.open();
        Set<String> many = null;
        if (!closes('}')) {
            do {
                path[depth - 1] = 0;
                blanks();
                if (at == text.length || text[at] != '"') {
                    throw error("a key in double quotes is missing");
                }
                token();
                int key = at;
                boolean escaped = string();
                path[depth - 1] = key + 1;
                many = many == null ? keys.manyOrNull(base) : many;
                if (!addKey(base, key, escaped, many)) {
                    throw error("the key comes twice in one object");
                }
                blanks();
                expect(':');
                blanks();
                value();
                if (depth == 1) {
                    sound = at;
                }
            } while (goesOn('}'));
        }
        keys.close(base);
        leave();
    }

    private boolean addKey(int base, int key, boolean escaped, @Nullable Set<String> many) {
        if (!escaped) {
            return keys.add(base, text, key + 1, at - 1, many);
        }
        byte[] resolved = JsonValue.decode(text, key + 1, at - 1).getBytes(StandardCharsets.UTF_8);
        return keys.add(base, resolved, 0, resolved.length, many);
    }

    private void array() throws MalformedJsonException {
        enter();
        if (!closes(']')) {
            do {
                path[depth - 1]--;
                blanks();
                value();
            } while (goesOn(']'));
        }
        leave();
    }

    private void enter() throws MalformedJsonException {
        token();
        at++;
        if (++depth > limits.depth()) {
            depth--;
            throw error("is nested deeper than " + limits.depth() + " levels");
        }
        if (depth > path.length) {
            path = Arrays.copyOf(path, depth * 2);
        }
        path[depth - 1] = 0;
    }

    private void leave() throws MalformedJsonException {
        depth--;
        token();
    }

    private boolean closes(char bracket) {
        blanks();
        if (at < text.length && text[at] == bracket) {
            at++;
            return true;
        }
        return false;
    }

    private boolean goesOn(char bracket) throws MalformedJsonException {
        blanks();
        if (at < text.length && text[at] == ',') {
            at++;
            return true;
        }
        expect(bracket);
        return false;
    }

    private void expect(char character) throws MalformedJsonException {
        if (at == text.length) {
            throw error("the text breaks off");
        }
        if (text[at] != character) {
            throw error("'" + character + "' is missing");
        }
        at++;
    }

    private void word(String word) throws MalformedJsonException {
        token();
        for (int i = 0; i < word.length(); i++) {
            if (at == text.length || text[at] != word.charAt(i)) {
                throw error("is no JSON value");
            }
            at++;
        }
    }

    private void number() throws MalformedJsonException {
        int start = at;
        if (text[at] == '-') {
            at++;
        }
        if (at < text.length && text[at] == '0') {
            at++;
            if (at < text.length && digit(text[at])) {
                throw error("a number has no leading zeros");
            }
        } else {
            digits();
        }
        boolean plain = true;
        if (at < text.length && text[at] == '.') {
            plain = false;
            at++;
            digits();
        }
        if (at < text.length && (text[at] == 'e' || text[at] == 'E')) {
            plain = false;
            at++;
            if (at < text.length && (text[at] == '+' || text[at] == '-')) {
                at++;
            }
            digits();
        }
        if (plain && at - start <= limits.numberDigits()) {
            return;
        }
        String violation = NumberRule.violation(text, start, at, limits.numberDigits());
        if (violation != null) {
            throw error("the number " + violation);
        }
    }

    private void digits() throws MalformedJsonException {
        int start = at;
        while (at < text.length && digit(text[at])) {
            at++;
        }
        if (at == start) {
            throw error("is no JSON number");
        }
    }

    /** @return whether it has escapes */
    private boolean string() throws MalformedJsonException {
        at++;
        boolean escaped = false;
        while (at < text.length) {
            int b = text[at];
            if (b == '"') {
                at++;
                return escaped;
            }
            if (b == '\\') {
                escaped = true;
                escape();
            } else if (b >= 0x20) {
                at++;
            } else if (b >= 0) {
                throw error(
                        b == 0
                                ? "holds a NUL character, which PostgreSQL cannot store"
                                : "holds a raw control character");
            } else {
                int length = Utf8.sequence(text, at);
                if (length == 0) {
                    throw error("is not valid UTF-8");
                }
                at += length;
            }
        }
        throw error("the text breaks off");
    }

    private void escape() throws MalformedJsonException {
        at++;
        if (at == text.length) {
            throw error("the text breaks off");
        }
        switch (text[at]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> at++;
            case 'u' -> {
                int unit = unit();
                if (unit == 0) {
                    throw error("holds a NUL character, which PostgreSQL cannot store");
                }
                if (Character.isLowSurrogate((char) unit)) {
                    throw error("holds half of a surrogate pair");
                }
                if (Character.isHighSurrogate((char) unit)) {
                    boolean follows = at + 1 < text.length && text[at] == '\\' && text[at + 1] == 'u';
                    at++;
                    if (!follows || !Character.isLowSurrogate((char) unit())) {
                        throw error("holds half of a surrogate pair");
                    }
                }
            }
            default -> throw error("holds an escape that JSON does not know");
        }
    }

    /** Reads {@code uXXXX}, standing on the u. */
    private int unit() throws MalformedJsonException {
        int unit = 0;
        for (int i = 1; i <= 4; i++) {
            int digit = at + i < text.length ? Character.digit(text[at + i], 16) : -1;
            if (digit < 0) {
                throw error("holds an escape that JSON does not know");
            }
            unit = unit << 4 | digit;
        }
        at += 5;
        return unit;
    }

    private void token() throws MalformedJsonException {
        if (++tokens > limits.tokens()) {
            throw error("has more than " + limits.tokens() + " tokens");
        }
    }

    private void blanks() {
        while (at < text.length && JsonValue.blank(text[at])) {
            at++;
        }
    }

    private static boolean digit(byte b) {
        return b >= '0' && b <= '9';
    }

    private MalformedJsonException error(String reason) {
        StringBuilder pointer = new StringBuilder();
        for (int level = 0; level < depth; level++) {
            if (path[level] < 0) {
                pointer.append('/').append(-path[level] - 1);
            } else if (path[level] > 0) {
                pointer.append('/')
                        .append(JsonPointers.escape(
                                JsonValue.at(text, path[level] - 1).string()));
            }
        }
        return new MalformedJsonException(pointer.toString(), reason, at, Arrays.copyOf(text, sound));
    }
}
