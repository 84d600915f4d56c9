package dev.switchover.dualwrite.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Runs TLC, in a process of its own, on the specifications in {@code src/test/model}. */
final class Tlc {

    private static final Path MODELS = Path.of("src", "test", "model");
    private static final Pattern VIOLATED = Pattern.compile("Error: Invariant (\\w+) is violated");
    private static final Pattern STATES = Pattern.compile("([\\d,]+) distinct states found");
    private static final String ALL_CHECKED = "Model checking completed. No error has been found.";

    /** What it said, whether everything was checked without an error, and the invariant that does not hold, or "". */
    record Result(String output, boolean holds, String violated, long distinctStates) {}

    private final Path work;

    /** @param work an empty folder */
    Tlc(Path work) {
        this.work = work;
    }

    /** @param mutant the part of a rule that is left out; {@code none} for the rules as they are */
    Result run(String specification, String configuration, String mutant, long minutes) {
        try {
            copySpecifications();
            Path model = work.resolve("model.cfg");
            String text = Files.readString(MODELS.resolve(configuration + ".cfg"));
            Files.writeString(model, text.replace("Mutant = \"none\"", "Mutant = \"" + mutant + "\""));
            return run(List.of("-config", model.getFileName().toString(), specification + ".tla"), minutes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void copySpecifications() throws IOException {
        try (Stream<Path> files = Files.list(MODELS)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".tla")).toList()) {
                Files.copy(file, work.resolve(file.getFileName()));
            }
        }
    }

    private Result run(List<String> arguments, long minutes) throws IOException {
        Path said = work.resolve("output.txt");
        List<String> command = Stream.concat(
                        Stream.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-XX:+UseSerialGC",
                                "-Xmx2g",
                                "-Djava.io.tmpdir=" + work.toAbsolutePath(),
                                "-cp",
                                jar(),
                                "tlc2.TLC",
                                "-workers",
                                "1",
                                "-metadir",
                                work.resolve("states").toAbsolutePath().toString()),
                        arguments.stream())
                .toList();
        Process process = new ProcessBuilder(command)
                .directory(work.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            if (!process.waitFor(minutes, TimeUnit.MINUTES)) {
                throw new AssertionError("TLC took more than " + minutes + " min: " + Files.readString(said));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
        return result(Files.readString(said));
    }

    private static Result result(String output) {
        Matcher violated = VIOLATED.matcher(output);
        long states = 0;
        Matcher found = STATES.matcher(output);
        while (found.find()) {
            states = Long.parseLong(found.group(1).replace(",", ""));
        }
        return new Result(output, output.contains(ALL_CHECKED), violated.find() ? violated.group(1) : "", states);
    }

    private static String jar() {
        return Path.of(tlc2.TLC
                        .class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .toString();
    }
}
