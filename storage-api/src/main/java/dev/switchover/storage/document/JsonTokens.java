package dev.switchover.storage.document;

/** The tokens of strict JSON, read from front to back. */
abstract class JsonTokens {

    final byte[] text;
    int at;

    JsonTokens(byte[] text) {
        this.text = text;
    }

    abstract MalformedJsonException error(String reason);

    final void expect(char character) throws MalformedJsonException {
        if (at == text.length) {
            throw error("the text breaks off");
        }
        if (text[at] != character) {
            throw error("'" + character + "' is missing");
        }
        at++;
    }

    final void word(String word) throws MalformedJsonException {
        for (int i = 0; i < word.length(); i++) {
            if (at == text.length || text[at] != word.charAt(i)) {
                throw error("is no JSON value");
            }
            at++;
        }
    }

    final void number(int digitLimit) throws MalformedJsonException {
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
        if (plain && at - start <= digitLimit) {
            return;
        }
        String violation = NumberRule.violation(text, start, at, digitLimit);
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
    final boolean string() throws MalformedJsonException {
        at++;
        boolean escaped = false;
        while (true) {
            at = PlainText.endOfAscii(text, at, text.length);
            if (at == text.length) {
                throw error("the text breaks off");
            }
            int b = text[at];
            if (b == '"') {
                at++;
                return escaped;
            }
            if (b == '\\') {
                escaped = true;
                escape();
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

    final void blanks() {
        while (at < text.length && JsonValue.blank(text[at])) {
            at++;
        }
    }

    static boolean digit(byte b) {
        return b >= '0' && b <= '9';
    }
}
