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
public final class StrictJson extends JsonTokens {

    private final DocumentLimits limits;
    private final KeySet keys = new KeySet();

    private int tokens;
    private int depth;
    /** Behind the last complete member of the outermost object. */
    private int sound;
    /** For each level: one behind the offset of the present key's opening quote, or minus one minus the index in an array. */
    private int[] path = new int[16];

    private StrictJson(byte[] text, DocumentLimits limits) {
        super(text);
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
            case 't' -> {
                token();
                word("true");
            }
            case 'f' -> {
                token();
                word("false");
            }
            case 'n' -> {
                token();
                word("null");
            }
            default -> {
                if (first != '-' && !digit(first)) {
                    throw error("is no JSON value");
                }
                token();
                number(limits.numberDigits());
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

    private void token() throws MalformedJsonException {
        if (++tokens > limits.tokens()) {
            throw error("has more than " + limits.tokens() + " tokens");
        }
    }

    @Override
    MalformedJsonException error(String reason) {
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
