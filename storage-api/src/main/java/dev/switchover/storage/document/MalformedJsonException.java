package dev.switchover.storage.document;

import java.util.Arrays;

/**
 * Text that is no strict JSON or beyond the limits. Checked, so that whoever knows the file or the record says it in words of
 * its own; it never leaves the library.
 */
public final class MalformedJsonException extends Exception {

    private static final long serialVersionUID = 1;

    private final String pointer;
    private final String reason;
    private final int offset;
    private final transient byte[] sound;

    /** @param reason without the value itself */
    MalformedJsonException(String pointer, String reason, int offset, byte[] sound) {
        super((pointer.isEmpty() ? "" : pointer + ": ") + reason + " (byte " + offset + ")");
        this.pointer = pointer;
        this.reason = reason;
        this.offset = offset;
        this.sound = sound;
    }

    /** JSON pointer (RFC 6901) to the value, or to what it is in if the text breaks off inside a key. */
    public String pointer() {
        return pointer;
    }

    public String reason() {
        return reason;
    }

    /** Bytes from the beginning of the text. */
    public int offset() {
        return offset;
    }

    /** The outermost object with the members that come, whole, before the offence: where an id can still be found. */
    public JsonValue soundPart() {
        byte[] text = Arrays.copyOf(sound.length == 0 ? new byte[] {'{'} : sound, Math.max(sound.length, 1) + 1);
        text[text.length - 1] = '}';
        return JsonValue.of(text);
    }
}
