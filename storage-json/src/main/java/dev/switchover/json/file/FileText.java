package dev.switchover.json.file;

import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A file's text, written: every record as it is, in the file's style.
 *
 * @param encoding of what is written, whatever that of the layout is
 * @param envelope the text around the records; null for the one the library makes
 * @param keys the text of keys that were escaped in another way than ours
 * @param records in order; gone through once for each time it is written
 */
public record FileText(
        JsonLayout layout,
        JsonLayout.Encoding encoding,
        FileStyle style,
        byte @Nullable [] envelope,
        Map<RecordId, byte[]> keys,
        Iterable<RawRecord> records) {

    /** In the layout's own encoding. */
    public FileText(
            JsonLayout layout,
            FileStyle style,
            byte @Nullable [] envelope,
            Map<RecordId, byte[]> keys,
            Iterable<RawRecord> records) {
        this(layout, layout.encoding(), style, envelope, keys, records);
    }

    /** The same content in this encoding. */
    public FileText encoded(JsonLayout.Encoding other) {
        return new FileText(layout, other, style, envelope, keys, records);
    }

    /** Writes the file. {@code to} should be buffered. */
    public void write(OutputStream to) throws IOException {
        switch (encoding) {
            case PLAIN -> writePlain(to);
            case BASE64 -> {
                try (OutputStream encoded = Base64Text.encoder(to, style.base64())) {
                    writePlain(encoded);
                }
            }
            case GZIP -> {
                GZIPOutputStream compressed = new GZIPOutputStream(to);
                OutputStream buffered = new BufferedOutputStream(compressed, 1 << 16);
                writePlain(buffered);
                buffered.flush();
                compressed.finish(); // not closed: the file is forced first
            }
        }
    }

    private void writePlain(OutputStream to) throws IOException {
        if (!layout.hasEnvelope()) {
            to.write(bytes(style.before()));
            writeContainer(to);
            to.write(bytes(style.after()));
            return;
        }
        byte[] around = envelope == null ? defaultEnvelope(layout) : envelope;
        int start;
        try {
            start = Container.in(around, layout).start();
        } catch (MalformedFileException impossible) {
            throw new IllegalStateException("an envelope without a container was let in", impossible);
        }
        int end = new JsonScanner(around).space(start + 1) + 1;
        to.write(around, 0, start);
        writeContainer(to);
        to.write(around, end, around.length - end);
    }

    private void writeContainer(OutputStream to) throws IOException {
        boolean keyed = layout.shape() == JsonLayout.Shape.OBJECT;
        byte[] separator = bytes(style.separator());
        byte[] colon = bytes(style.colon());
        to.write(keyed ? '{' : '[');
        boolean first = true;
        for (RawRecord record : records) {
            to.write(first ? bytes(style.lead()) : separator);
            first = false;
            if (keyed) {
                byte[] key = keys.get(record.id());
                to.write(key == null ? quote(record.id().text()) : key);
                to.write(colon);
            }
            to.write(record.body());
        }
        if (!first) {
            to.write(bytes(style.trail()));
        }
        to.write(keyed ? '}' : ']');
    }

    /** The envelope of a file that the library makes: objects down to the container, and nothing else in them. */
    public static byte[] defaultEnvelope(JsonLayout layout) {
        String[] tokens = layout.pointer().substring(1).split("/", -1);
        boolean pretty = layout.format() == JsonLayout.Format.PRETTY;
        StringBuilder text = new StringBuilder();
        for (int depth = 0; depth < tokens.length; depth++) {
            String name = tokens[depth].replace("~1", "/").replace("~0", "~");
            text.append('{').append(pretty ? "\n" + "  ".repeat(depth + 1) : "");
            text.append(new String(quote(name), StandardCharsets.UTF_8)).append(pretty ? ": " : ":");
        }
        text.append(layout.shape() == JsonLayout.Shape.ARRAY ? "[]" : "{}");
        for (int depth = tokens.length - 1; depth >= 0; depth--) {
            text.append(pretty ? "\n" + "  ".repeat(depth) : "").append('}');
        }
        return bytes(text.append('\n').toString());
    }

    /** A string as JSON, escaped no more than it has to be. */
    public static byte[] quote(String plain) {
        StringBuilder text = new StringBuilder(plain.length() + 2).append('"');
        for (int i = 0; i < plain.length(); i++) {
            char next = plain.charAt(i);
            switch (next) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                case '\b' -> text.append("\\b");
                case '\f' -> text.append("\\f");
                default -> {
                    if (next < ' ') {
                        text.append(String.format(Locale.ROOT, "\\u%04x", (int) next));
                    } else {
                        text.append(next);
                    }
                }
            }
        }
        return bytes(text.append('"').toString());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
