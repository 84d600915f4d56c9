package dev.switchover.json.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Which content a file has. @param sha256 in hexadecimal */
public record FileDigest(long length, String sha256) {

    /** SHA-256, which every Java has. */
    public static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new AssertionError(everyJavaHasIt);
        }
    }

    static FileDigest of(long length, MessageDigest digest) {
        return new FileDigest(length, HexFormat.of().formatHex(digest.digest()));
    }

    public static FileDigest of(byte[] content) {
        MessageDigest digest = newDigest();
        digest.update(content);
        return of(content.length, digest);
    }

    /** Null if there is no file. */
    public static @Nullable FileDigest of(Path file) throws IOException {
        MessageDigest digest = newDigest();
        long length = 0;
        byte[] buffer = new byte[1 << 16];
        try (InputStream content = Files.newInputStream(file)) {
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                digest.update(buffer, 0, read);
                length += read;
            }
        } catch (NoSuchFileException none) {
            return null;
        }
        return of(length, digest);
    }
}
