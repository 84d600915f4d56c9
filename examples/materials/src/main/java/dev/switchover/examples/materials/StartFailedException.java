package dev.switchover.examples.materials;

import org.springframework.boot.ExitCodeGenerator;

/** Why the service does not start, with the exit code that says of which kind it is. */
final class StartFailedException extends RuntimeException implements ExitCodeGenerator {

    static final int OTHER = 1;
    static final int SETTINGS = 2;
    static final int STORAGE = 3;

    private static final long serialVersionUID = 1;

    private final int exitCode;

    StartFailedException(int exitCode, RuntimeException cause) {
        super(cause.getMessage(), cause);
        this.exitCode = exitCode;
    }

    @Override
    public int getExitCode() {
        return exitCode;
    }
}
