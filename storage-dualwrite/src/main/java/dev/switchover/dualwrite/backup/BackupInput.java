package dev.switchover.dualwrite.backup;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Opens a backup's file as its text, by what the file holds. */
final class BackupInput {

    private static final int BUFFER = 1 << 16;

    private BackupInput() {}

    /** An error in the compression ends it. */
    static InputStream strict(Path file) throws IOException {
        InputStream in = open(file);
        return switch (encoding(file, in)) {
            case PLAIN -> in;
            case GZIP -> new GZIPInputStream(in, BUFFER);
            case BASE64 -> new Base64Lines(in);
        };
    }

    /** What can be read is read; in place of what cannot there is a line break. */
    static InputStream lenient(Path file) throws IOException {
        InputStream in = open(file);
        return switch (encoding(file, in)) {
            case PLAIN -> in;
            case GZIP -> {
                in.close();
                yield new DamagedGzip(file);
            }
            case BASE64 -> new Base64Lines(in);
        };
    }

    private static InputStream open(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("it is no file");
        }
        return new BufferedInputStream(Files.newInputStream(file), BUFFER);
    }

    /** Looks at the first bytes and leaves them there; if they say nothing, the name has to. */
    private static BackupEncoding encoding(Path file, InputStream in) throws IOException {
        in.mark(2);
        int first = in.read();
        int second = in.read();
        in.reset();
        if (first == 0x1f && second == 0x8b) {
            return BackupEncoding.GZIP;
        }
        if (first == 'e' && second == 'y') { // {" in Base64
            return BackupEncoding.BASE64;
        }
        if (first != '{') {
            String name = String.valueOf(file.getFileName());
            for (BackupEncoding encoding : BackupEncoding.values()) {
                if (name.endsWith(encoding.suffix())) {
                    return encoding;
                }
            }
        }
        return BackupEncoding.PLAIN;
    }
}
