package dev.switchover.examples.benchmarks.stage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A virtual machine of its own, with this one's class path. */
public final class ChildProcess {

    private ChildProcess() {}

    /**
     * Waits for it.
     *
     * @param options of the virtual machine
     * @return what it printed to its standard output; what it prints to the other one goes to this process's
     * @throws IllegalStateException if it failed, which it does too when its heap does not suffice
     */
    public static String run(List<String> options, Class<?> program, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(program.getName());
        command.addAll(arguments);
        Process child = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (child.waitFor() != 0) {
            throw new IllegalStateException(
                    program.getSimpleName() + " failed in a process of its own with " + options + ": " + said);
        }
        return said;
    }
}
