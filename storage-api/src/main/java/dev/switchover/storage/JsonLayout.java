package dev.switchover.storage;

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
 */
public record JsonLayout(
        Shape shape,
        String pointer,
        Encoding encoding,
        Format format,
        @Nullable String file) {

    public enum Shape {
        ARRAY,
        OBJECT
    }

    public enum Encoding {
        PLAIN,
        BASE64
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
        return new JsonLayout(Shape.ARRAY, "", Encoding.PLAIN, Format.PRETTY, null);
    }

    public static JsonLayout objectKeyedById() {
        return new JsonLayout(Shape.OBJECT, "", Encoding.PLAIN, Format.PRETTY, null);
    }

    /** The container is nested in an envelope, at this JSON pointer ({@code "/features"}). */
    public JsonLayout in(String jsonPointer) {
        return new JsonLayout(shape, jsonPointer, encoding, format, file);
    }

    public JsonLayout base64() {
        return new JsonLayout(shape, pointer, Encoding.BASE64, format, file);
    }

    public JsonLayout format(Format newFormat) {
        return new JsonLayout(shape, pointer, encoding, newFormat, file);
    }

    public JsonLayout file(String name) {
        return new JsonLayout(shape, pointer, encoding, format, name);
    }

    /** Whether the records are nested in an envelope. */
    public boolean hasEnvelope() {
        return !pointer.isEmpty();
    }
}
