package dev.switchover.dualwrite.mutants;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles one mutated source and runs a test with it in front of the class path. The project's own classes stay as they are. */
final class MutantBuild {

    private static final long MINUTES = 10;

    private final Path project;
    private final Path folder;

    MutantBuild(Path project, Path folder) {
        this.project = project;
        this.folder = folder;
    }

    /** @return a folder with the classes of the mutated source, or with the mutated resource */
    Path compile(Mutant mutant) throws IOException {
        Path sources = Files.createDirectories(folder.resolve(mutant.name()).resolve("sources"));
        Path classes = Files.createDirectories(folder.resolve(mutant.name()).resolve("classes"));
        if (!mutant.file().endsWith(".java")) {
            String resource = mutant.file().substring(mutant.file().indexOf("/resources/") + "/resources/".length());
            Files.createDirectories(classes.resolve(resource).getParent());
            Files.writeString(classes.resolve(resource), mutant.applied(project));
            return classes;
        }
        Path source = sources.resolve(Path.of(mutant.file()).getFileName());
        Files.writeString(source, mutant.applied(project));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter problems = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of(
                    "-proc:none", "-nowarn", "-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
            boolean compiled = compiler.getTask(problems, files, null, options, null, files.getJavaFileObjects(source))
                    .call();
            if (!compiled) {
                throw new IllegalStateException("mutant " + mutant.name() + " does not compile:\n" + problems);
            }
        }
        return classes;
    }

    /** @return one of the exit codes of {@link RunByName} */
    int run(String module, String test, List<Path> inFront) throws IOException, InterruptedException {
        List<String> path = new ArrayList<>();
        inFront.forEach(classes -> path.add(classes.toString()));
        path.add(project.resolve(module).resolve("target/test-classes").toString());
        path.add(System.getProperty("java.class.path"));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        String.join(File.pathSeparator, path),
                        RunByName.class.getName(),
                        test)
                .directory(project.resolve(module).toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output-" + test.replace('#', '-') + ".txt")
                        .toFile())
                .start();
        try {
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                // A mistake that makes a test hang is noticed too.
                return RunByName.FAILED;
            }
            return process.exitValue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
