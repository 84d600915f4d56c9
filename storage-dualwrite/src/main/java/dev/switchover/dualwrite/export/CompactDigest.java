package dev.switchover.dualwrite.export;

import dev.switchover.json.checkpoint.FileDigest;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * A JSON text without the white space around its tokens, however it comes in pieces. Of sound texts no two that say different things
 * are the same without it, for there is always a bracket, a comma or a colon between two values. Used by one thread.
 */
final class CompactDigest {

    private static final int BUFFER = 1 << 15;

    private final MessageDigest digest = FileDigest.newDigest();
    private final byte[] buffer = new byte[BUFFER];
    private int size;
    private boolean inString;
    private boolean escaped;

    void add(byte[] text) {
        add(text, 0, text.length);
    }

    void add(byte[] text, int from, int to) {
        for (int begin = from; begin < to; begin += BUFFER) {
            int end = Math.min(to, begin + BUFFER);
            if (size + end - begin > BUFFER) {
                tell();
            }
            piece(text, begin, end);
        }
    }

    private void piece(byte[] text, int from, int to) {
        byte[] kept = buffer;
        int at = size;
        boolean string = inString;
        boolean escape = escaped;
        for (int i = from; i < to; i++) {
            byte next = text[i];
            if (string) {
                kept[at++] = next;
                if (escape) {
                    escape = false;
                } else if (next == '\\') {
                    escape = true;
                } else if (next == '"') {
                    string = false;
                }
            } else if (next != ' ' && next != '\n' && next != '\r' && next != '\t') {
                kept[at++] = next;
                string = next == '"';
            }
        }
        size = at;
        inString = string;
        escaped = escape;
    }

    private void tell() {
        digest.update(buffer, 0, size);
        size = 0;
    }

    /** Of everything added. Called once. */
    String hex() {
        tell();
        return HexFormat.of().formatHex(digest.digest());
    }
}
