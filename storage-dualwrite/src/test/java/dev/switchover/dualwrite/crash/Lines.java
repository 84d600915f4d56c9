package dev.switchover.dualwrite.crash;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** What a child tells its parent: each line is one write to the pipe, so that it arrives whole or not at all. */
final class Lines {

    private static final FileOutputStream OUT = new FileOutputStream(FileDescriptor.out);

    private Lines() {}

    static void say(String... words) {
        byte[] line = (String.join(" ", words) + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            OUT.write(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
