package dev.switchover.examples.expenses;

import java.util.List;

/** The request cannot be understood, or asks for what cannot be: 422. */
final class InvalidRequestException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient List<Problems.Problem> problems;

    InvalidRequestException(List<Problems.Problem> problems) {
        super(problems.size() + " problems in the request");
        this.problems = List.copyOf(problems);
    }

    List<Problems.Problem> problems() {
        return problems;
    }
}
