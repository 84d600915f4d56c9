package dev.switchover.dualwrite.crash;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A child JVM that starts fast, is killed hard and whose last words are all read. */
final class CrashProcess implements AutoCloseable {

    private final Process process;
    private final BufferedReader output;

    private CrashProcess(Process process) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    /** What every child's JVM is started with. */
    record Image(String classPath, Path archive) {

        /** Class data can be shared only from jars: what lies in folders is packed first. */
        static Image in(Path folder) throws IOException {
            List<String> path = new ArrayList<>();
            for (String element : System.getProperty("java.class.path").split(java.io.File.pathSeparator)) {
                Path file = Path.of(element);
                if (!Files.isDirectory(file)) {
                    path.add(element);
                    continue;
                }
                Path jar = folder.resolve("classes-" + path.size() + ".jar");
                pack(file, jar);
                path.add(jar.toString());
            }
            return new Image(String.join(java.io.File.pathSeparator, path), folder.resolve("classes.jsa"));
        }

        private static void pack(Path classes, Path jar) throws IOException {
            try (OutputStream out = Files.newOutputStream(jar);
                    JarOutputStream packed = new JarOutputStream(out);
                    Stream<Path> files = Files.walk(classes)) {
                for (Path file : files.sorted().toList()) {
                    String name = classes.relativize(file).toString().replace('\\', '/');
                    boolean folder = Files.isDirectory(file);
                    if (!name.isEmpty()) {
                        // Folders too: whoever looks for resources in one finds it by its own entry.
                        packed.putNextEntry(new JarEntry(folder ? name + "/" : name));
                    }
                    if (!folder) {
                        Files.copy(file, packed);
                    }
                }
            }
        }

        private List<String> sharing() {
            return Files.exists(archive)
                    ? List.of("-XX:SharedArchiveFile=" + archive, "-Xshare:auto")
                    : List.of("-XX:ArchiveClassesAtExit=" + archive);
        }
    }

    static CrashProcess start(Image image, Path log, Class<?> child, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(image.sharing());
        command.addAll(List.of("-cp", image.classPath, child.getName()));
        command.addAll(arguments);
        return new CrashProcess(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start());
    }

    /** Null at the end: the process is dead, and everything it said has been read. */
    @Nullable
    String line() throws IOException {
        return output.readLine();
    }

    /** Waits so long, unless the process ends before. */
    void await(long millis) throws InterruptedException {
        process.waitFor(millis, TimeUnit.MILLISECONDS);
    }

    /** What it has said already can still be read: the kill goes around the process object, which would throw it away. */
    void kill() {
        process.toHandle().destroyForcibly();
    }

    /** {@code STOP} or {@code CONT}. */
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    int exitCode() throws InterruptedException {
        return process.waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
        process.waitFor();
    }
}
