package dev.switchover.examples.benchmarks.report;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Of what code a program is, as git has it. It is good to know, so nothing fails where it is not known. */
public final class Commit {

    static final String NOT_KNOWN = "not known";

    private Commit() {}

    /** Of the repository in which the class was compiled, not of that in which the program was started. */
    public static String of(Class<?> program) {
        CodeSource source = program.getProtectionDomain().getCodeSource();
        if (source == null || source.getLocation() == null) {
            return NOT_KNOWN;
        }
        try {
            Path code = Path.of(source.getLocation().toURI());
            return of("git", Files.isDirectory(code) ? code : code.getParent());
        } catch (URISyntaxException | IllegalArgumentException e) {
            return NOT_KNOWN;
        }
    }

    /** @param git the command, by name or path */
    static String of(String git, @Nullable Path folder) {
        if (folder == null) {
            return NOT_KNOWN;
        }
        Optional<String> head = said(git, folder, "rev-parse", "--short", "HEAD");
        Optional<String> changes = said(git, folder, "status", "--porcelain");
        if (head.isEmpty() || changes.isEmpty()) {
            return NOT_KNOWN;
        }
        return changes.get().isEmpty() ? head.get() : head.get() + ", with uncommitted changes";
    }

    private static Optional<String> said(String git, Path folder, String... words) {
        List<String> command = new ArrayList<>(List.of(git, "--no-optional-locks", "-C", folder.toString()));
        command.addAll(List.of(words));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor() == 0 ? Optional.of(said) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
