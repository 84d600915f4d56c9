package dev.switchover.examples.benchmarks.limits;

import com.fasterxml.jackson.core.JsonParser;
import dev.switchover.examples.benchmarks.stage.Mapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.CompletableFuture;

/** The least that has to be done with a JSON file whose text is not trusted: it is hashed, and taken apart. */
public final class WholeText {

    private static final int BUFFER = 1 << 16;

    private WholeText() {}

    /** @return the SHA-256 of all its bytes */
    public static byte[] hash(Path file) throws IOException {
        MessageDigest digest = digest();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return digest.digest();
    }

    /**
     * Hashes it on one thread and takes it apart on another, without keeping anything.
     *
     * @return how many tokens there are
     */
    public static long hashAndTakeApart(Path file) throws IOException {
        CompletableFuture<byte[]> hash = CompletableFuture.supplyAsync(() -> {
            try {
                return hash(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        long tokens = 0;
        try (JsonParser parser = Mapper.JSON.createParser(file.toFile())) {
            while (parser.nextToken() != null) {
                tokens++;
            }
        }
        if (tokens == 0 || hash.join().length == 0) {
            throw new IllegalStateException(file.getFileName() + " is empty");
        }
        return tokens;
    }

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new AssertionError(everyJavaHasIt);
        }
    }
}
