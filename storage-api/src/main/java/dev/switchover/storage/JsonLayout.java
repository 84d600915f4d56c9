package dev.switchover.storage;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a collection's records lie in its file. Immutable; each method returns a changed copy.
 *
 * @param shape an array of records, or an object keyed by id
 * @param pointer where the container of the records is in the file (RFC 6901), {@code ""} for the whole file. What is
 *     around it is the envelope and is kept as it is
 * @param encoding the file as it is, or Base64 of it
 * @param format how records written by the library are laid out. Records already in a file keep their text
 * @param file the file's name inside the directory, or null for the collection's name with {@code .json} (and {@code
 *     .b64} for Base64)
 * @param copies further files that are written with it
 */
public record JsonLayout(
        Shape shape,
        String pointer,
        Encoding encoding,
        Format format,
        @Nullable String file,
        List<Copy> copies) {

    /** @throws IllegalArgumentException if the file itself is to be compressed */
    public JsonLayout {
        if (encoding == Encoding.GZIP) {
            throw new IllegalArgumentException(
                    "only further copies are compressed; choose PLAIN or BASE64 for the file");
        }
        copies = List.copyOf(copies);
    }

    /**
     * A further file with the same content, written after the collection's own with each checkpoint, whole or not at all. It
     * is never read: what somebody writes into it is overwritten. A copy that cannot be written is logged and shown in the
     * status, and fails nothing.
     *
     * @param path inside the directory, or absolute; its folder has to exist
     */
    public record Copy(String path, Encoding encoding) {}

    public enum Shape {
        ARRAY,
        OBJECT
    }

    public enum Encoding {
        PLAIN,
        BASE64,
        /** Of further copies only. */
        GZIP
    }

    public enum Format {
        /** Everything on one line, no white space. */
        COMPACT,
        /** One record a line. */
        LINES,
        /** Two blanks a level, one member a line. */
        PRETTY
    }

    public static JsonLayout array() {
        return new JsonLayout(Shape.ARRAY, "", Encoding.PLAIN, Format.PRETTY, null, List.of());
    }

    public static JsonLayout objectKeyedById() {
        return new JsonLayout(Shape.OBJECT, "", Encoding.PLAIN, Format.PRETTY, null, List.of());
    }

    /** The container is nested in an envelope, at this JSON pointer ({@code "/features"}). */
    public JsonLayout in(String jsonPointer) {
        return new JsonLayout(shape, jsonPointer, encoding, format, file, copies);
    }

    public JsonLayout base64() {
        return new JsonLayout(shape, pointer, Encoding.BASE64, format, file, copies);
    }

    public JsonLayout format(Format newFormat) {
        return new JsonLayout(shape, pointer, encoding, newFormat, file, copies);
    }

    public JsonLayout file(String name) {
        return new JsonLayout(shape, pointer, encoding, format, name, copies);
    }

    /** Also writes a plain copy of the file; see {@link Copy}. */
    public JsonLayout copy(String path) {
        return copy(path, Encoding.PLAIN);
    }

    /** Also writes a copy of the file in this encoding; see {@link Copy}. */
    public JsonLayout copy(String path, Encoding copyEncoding) {
        List<Copy> more = new ArrayList<>(copies);
        more.add(new Copy(path, copyEncoding));
        return new JsonLayout(shape, pointer, encoding, format, file, more);
    }

    /** Whether the records are nested in an envelope. */
    public boolean hasEnvelope() {
        return !pointer.isEmpty();
    }
}
