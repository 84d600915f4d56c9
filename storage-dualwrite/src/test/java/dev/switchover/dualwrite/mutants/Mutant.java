package dev.switchover.dualwrite.mutants;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One planted mistake: a unified diff, whose hunks are found by their text and not by line numbers, headed by the test that has to
 * fail and what the mistake is.
 *
 * <pre>
 * Fails: storage-json dev.switchover.json.CrashStateTest
 * Mistake: the checkpoint's folder is not forced
 * --- a/storage-json/src/main/java/…
 * +++ b/storage-json/src/main/java/…
 * @@ @@
 *  context
 * -before
 * +after
 * </pre>
 *
 * @param module where the test is
 * @param test class, or class#method
 * @param file the mutated source, from the project's root
 */
record Mutant(String name, String module, String test, String mistake, String file, List<Hunk> hunks) {

    /** Lines that lie together in the source, and what they become. */
    record Hunk(String before, String after) {}

    @Override
    public String toString() {
        return name;
    }

    static List<Mutant> all(Path folder) throws IOException {
        List<Mutant> mutants = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".patch"))
                    .sorted()
                    .toList()) {
                mutants.add(read(file));
            }
        }
        return mutants;
    }

    private static Mutant read(Path patch) throws IOException {
        List<String> lines = Files.readAllLines(patch);
        String[] fails = header(patch, lines.get(0), "Fails: ").split(" ");
        String mistake = header(patch, lines.get(1), "Mistake: ");
        String file = header(patch, lines.get(2), "--- a/");
        List<Hunk> hunks = new ArrayList<>();
        StringBuilder before = new StringBuilder();
        StringBuilder after = new StringBuilder();
        for (String line : lines.subList(4, lines.size())) {
            char kind = line.isEmpty() ? ' ' : line.charAt(0);
            String text = line.isEmpty() ? "\n" : line.substring(1) + "\n";
            if (kind == '@') {
                add(hunks, before, after);
                continue;
            }
            if (kind != '+') {
                before.append(text);
            }
            if (kind != '-') {
                after.append(text);
            }
        }
        add(hunks, before, after);
        String name = patch.getFileName().toString().replace(".patch", "");
        return new Mutant(name, fails[0], fails[1], mistake, file, List.copyOf(hunks));
    }

    private static String header(Path patch, String line, String prefix) {
        if (!line.startsWith(prefix)) {
            throw new IllegalStateException(patch + ": expected \"" + prefix + "\", found \"" + line + "\"");
        }
        return line.substring(prefix.length());
    }

    private static void add(List<Hunk> hunks, StringBuilder before, StringBuilder after) {
        if (before.length() > 0) {
            hunks.add(new Hunk(before.toString(), after.toString()));
        }
        before.setLength(0);
        after.setLength(0);
    }

    /**
     * The mutated source.
     *
     * @throws IllegalStateException if a hunk is not there exactly once
     */
    String applied(Path project) throws IOException {
        String source = Files.readString(project.resolve(file));
        for (Hunk hunk : hunks) {
            int at = source.indexOf(hunk.before);
            if (at < 0 || source.indexOf(hunk.before, at + 1) >= 0) {
                throw new IllegalStateException("mutant " + name + " does not fit " + file
                        + " any more: these lines must be there exactly once\n" + hunk.before);
            }
            source = source.substring(0, at) + hunk.after + source.substring(at + hunk.before.length());
        }
        return source;
    }
}
