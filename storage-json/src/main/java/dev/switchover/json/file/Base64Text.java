package dev.switchover.json.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/** A file in Base64: broken into lines or not. */
final class Base64Text {

    private Base64Text() {}

    static byte[] decode(byte[] file) throws MalformedFileException {
        byte[] packed = new byte[file.length];
        int length = 0;
        for (byte next : file) {
            if (next != '\n' && next != '\r') {
                packed[length++] = next;
            }
        }
        try {
            return Base64.getDecoder().decode(Arrays.copyOf(packed, length));
        } catch (IllegalArgumentException broken) {
            throw new MalformedFileException(
                    "this is not Base64; correct the file, or the encoding in the collection's" + " JSON layout");
        }
    }

    static FileStyle.Base64Style style(byte[] file, FileStyle.Base64Style fallback) {
        int line = 0;
        while (line < file.length && file[line] != '\n' && file[line] != '\r') {
            line++;
        }
        if (line == file.length) {
            return new FileStyle.Base64Style(0, fallback.newline(), false);
        }
        boolean windows = file[line] == '\r';
        int behind = line + (windows ? 2 : 1);
        boolean last = file[file.length - 1] == '\n';
        boolean single = behind >= file.length;
        // The encoder breaks lines at multiples of four only; others are set anew.
        return new FileStyle.Base64Style(single ? 0 : line / 4 * 4, windows ? "\r\n" : "\n", last);
    }

    /** Encodes what is written to it; {@link OutputStream#close} ends the text but leaves {@code to} open. */
    static OutputStream encoder(OutputStream to, FileStyle.Base64Style style) {
        byte[] newline = style.newline().getBytes(StandardCharsets.US_ASCII);
        Base64.Encoder encoder = style.line() == 0 ? Base64.getEncoder() : Base64.getMimeEncoder(style.line(), newline);
        OutputStream kept = new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                to.write(value);
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                to.write(bytes, from, length);
            }

            @Override
            public void close() throws IOException {
                if (style.last()) {
                    to.write(newline);
                }
            }
        };
        return encoder.wrap(kept);
    }
}
