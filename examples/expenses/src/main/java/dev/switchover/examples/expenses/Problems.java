package dev.switchover.examples.expenses;

import java.util.ArrayList;
import java.util.List;

/** Everything that is wrong with one request, so that a client hears it all at once. Not thread-safe. */
final class Problems {

    /**
     * One problem.
     *
     * @param loc where: {@code ["body", "amount"]}
     * @param msg for people; never the value itself
     * @param type for programs
     */
    record Problem(List<Object> loc, String msg, String type) {}

    private final List<Problem> found = new ArrayList<>();

    void add(String type, String message, Object... place) {
        found.add(new Problem(List.of(place), message, type));
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /** @throws InvalidRequestException if there are any */
    void refuseIfAny() {
        if (!found.isEmpty()) {
            throw new InvalidRequestException(found);
        }
    }

    static InvalidRequestException only(String type, String message, Object... place) {
        return new InvalidRequestException(List.of(new Problem(List.of(place), message, type)));
    }
}
