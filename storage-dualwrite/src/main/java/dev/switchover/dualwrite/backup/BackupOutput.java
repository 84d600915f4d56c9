package dev.switchover.dualwrite.backup;

import dev.switchover.json.checkpoint.FileDigest;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;

/** Takes a backup's text line by line, encodes it and forms its checksum. Used by one thread. */
final class BackupOutput implements Closeable {

    /** Of text in one member of a gzip file. */
    private static final int MEMBER = 1 << 20;

    private static final int BUFFER = 1 << 16;

    private final OutputStream file;
    private final BackupEncoding encoding;
    private final MessageDigest digest;
    private OutputStream text;
    private long inMember;

    /** @param file is left open */
    BackupOutput(OutputStream file, BackupEncoding encoding) throws IOException {
        this.file = new BufferedOutputStream(file, BUFFER);
        this.encoding = encoding;
        this.digest = FileDigest.newDigest();
        this.text = encoder();
    }

    private OutputStream encoder() throws IOException {
        return switch (encoding) {
            case PLAIN -> file;
            case GZIP -> new GZIPOutputStream(file, BUFFER);
            case BASE64 ->
                Base64.getMimeEncoder(76, "\n".getBytes(StandardCharsets.US_ASCII))
                        .wrap(new Kept(file));
        };
    }

    void line(byte[] bytes) throws IOException {
        if (encoding == BackupEncoding.GZIP && inMember >= MEMBER) {
            ((GZIPOutputStream) text).finish();
            text = encoder();
            inMember = 0;
        }
        write(bytes);
    }

    private void write(byte[] bytes) throws IOException {
        digest.update(bytes);
        text.write(bytes);
        inMember += bytes.length;
    }

    /** The checksum of everything so far, in hexadecimal digits. */
    String checksum() {
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Writes the last bytes, which go into no checksum. */
    void end(byte[] bytes) throws IOException {
        text.write(bytes);
    }

    /** Ends the encoding; the file has all of it. */
    @Override
    public void close() throws IOException {
        if (text instanceof GZIPOutputStream member) {
            member.finish();
        } else if (encoding == BackupEncoding.BASE64) {
            text.close();
            file.write('\n');
        }
        file.flush();
    }

    /** Closing it flushes. */
    private static final class Kept extends OutputStream {

        private final OutputStream to;

        Kept(OutputStream to) {
            this.to = to;
        }

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
            to.flush();
        }
    }
}
