package dev.switchover.examples.benchmarks.stage;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
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
        Process child = start(options, program, arguments, ProcessBuilder.Redirect.PIPE);
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        require(child, options, program, said);
        return said;
    }

    /**
     * Waits for it; all it prints goes where this process prints.
     *
     * @param options of the virtual machine
     * @throws IllegalStateException if it failed
     */
    public static void show(List<String> options, Class<?> program, List<String> arguments)
            throws IOException, InterruptedException {
        require(start(options, program, arguments, ProcessBuilder.Redirect.INHERIT), options, program, "see above");
    }

    /**
     * Starts one that says each line it is given again, when it has done what it says.
     *
     * @param options of the virtual machine
     */
    public static Answering answering(List<String> options, Class<?> program, List<String> arguments)
            throws IOException {
        return new Answering(start(options, program, arguments, ProcessBuilder.Redirect.PIPE), options, program);
    }

    /** One that goes on until it is closed. Used by one thread. */
    public static final class Answering implements AutoCloseable {

        private final Process child;
        private final List<String> options;
        private final Class<?> program;
        private final BufferedReader answers;
        private final Writer questions;

        private Answering(Process child, List<String> options, Class<?> program) {
            this.child = child;
            this.options = options;
            this.program = program;
            this.answers = child.inputReader(StandardCharsets.UTF_8);
            this.questions = child.outputWriter(StandardCharsets.UTF_8);
        }

        /**
         * Waits until it has been done.
         *
         * @throws IOException if it has ended
         * @throws IllegalStateException if it ends, or says anything else
         */
        public void ask(String question) throws IOException {
            questions.write(question + "\n");
            questions.flush();
            String answer = answers.readLine();
            if (!question.equals(answer)) {
                throw new IllegalStateException(program.getSimpleName() + " answered " + answer);
            }
        }

        @Override
        public void close() throws IOException, InterruptedException {
            try (answers;
                    questions) {
                questions.flush();
            } finally {
                require(child, options, program, "see above");
            }
        }
    }

    private static Process start(
            List<String> options, Class<?> program, List<String> arguments, ProcessBuilder.Redirect output)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(program.getName());
        command.addAll(arguments);
        return new ProcessBuilder(command)
                .redirectOutput(output)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static void require(Process child, List<String> options, Class<?> program, String said)
            throws InterruptedException {
        int status;
        try {
            status = child.waitFor();
        } finally {
            child.destroy(); // of one that has ended, nothing
        }
        if (status != 0) {
            throw new IllegalStateException(
                    program.getSimpleName() + " failed in a process of its own with " + options + ": " + said);
        }
    }
}
