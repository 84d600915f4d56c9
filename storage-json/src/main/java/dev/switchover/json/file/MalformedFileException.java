package dev.switchover.json.file;

/** A file's text is not what its layout says. */
public final class MalformedFileException extends Exception {

    private static final long serialVersionUID = 1;

    private final String problem;

    MalformedFileException(String problem) {
        super(problem);
        this.problem = problem;
    }

    /** What is wrong, where, and what to do. */
    public String problem() {
        return problem;
    }
}
