package dev.switchover.dualwrite.backup;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs a command with the path of each finished backup as its last argument, without a shell. Its output is thrown away; one that does
 * not end in time is ended.
 *
 * @param words the command and its first arguments
 */
public record BackupCommand(List<String> words, Duration atMost) implements FinishedBackup {

    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

    public BackupCommand {
        words = List.copyOf(words);
        if (words.isEmpty()) {
            throw new IllegalArgumentException("name a command");
        }
    }

    /** A command line whose words are separated by spaces; ten minutes at most. */
    public static BackupCommand of(String line) {
        return new BackupCommand(List.of(line.strip().split("\\s+")), TEN_MINUTES);
    }

    @Override
    public void finished(Path file, BackupKind kind) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(words);
        command.add(file.toAbsolutePath().toString());
        Process process = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        boolean ended = false;
        try {
            ended = process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            if (!ended) {
                // A script's own commands outlive it otherwise.
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        }
        if (!ended) {
            throw new IOException(words.get(0) + " did not end within " + atMost.toSeconds() + " s");
        }
        if (process.exitValue() != 0) {
            throw new IOException(words.get(0) + " ended with exit code " + process.exitValue());
        }
    }
}
