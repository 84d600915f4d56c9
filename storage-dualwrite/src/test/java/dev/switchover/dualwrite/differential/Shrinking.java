package dev.switchover.dualwrite.differential;

import dev.switchover.dualwrite.differential.Match.Difference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Leaves out what a difference does not need: halves, quarters, single operations, steps of a unit of work. */
final class Shrinking {

    private final Match match;
    private final long deadline;
    private List<Operation> history;
    private Difference difference;

    private Shrinking(Match match, List<Operation> history, Difference difference, Duration patience) {
        this.match = match;
        this.history = history;
        this.difference = difference;
        this.deadline = System.nanoTime() + patience.toNanos();
    }

    /** A short history that still makes the difference, and what differs, for people. */
    static String shrunk(Match match, List<Operation> history, Difference difference, Duration patience) {
        Shrinking shrinking = new Shrinking(
                match, history.subList(0, Math.min(difference.step() + 1, history.size())), difference, patience);
        shrinking.shrink();
        String steps = shrinking.history.stream().map(step -> "  " + step).collect(Collectors.joining("\n"));
        return "a difference after " + shrinking.history.size() + " operations:\n" + steps + "\n"
                + shrinking.difference;
    }

    private void shrink() {
        for (int size = history.size() / 2; size > 0; size /= 2) {
            for (int from = 0; from < history.size() && more(); ) {
                List<Operation> shorter = new ArrayList<>(history);
                shorter.subList(from, Math.min(from + size, shorter.size())).clear();
                from += attempt(shorter) ? 0 : size;
            }
        }
        for (int at = 0; at < history.size(); at++) {
            if (history.get(at) instanceof Operation.Unit unit) {
                shrinkUnit(at, unit);
            }
        }
    }

    private void shrinkUnit(int at, Operation.Unit unit) {
        List<Operation> steps = new ArrayList<>(unit.steps());
        for (int step = steps.size() - 1; step >= 0 && steps.size() > 1 && more(); step--) {
            List<Operation> fewer = new ArrayList<>(steps);
            fewer.remove(step);
            List<Operation> shorter = new ArrayList<>(history);
            shorter.set(at, new Operation.Unit(fewer, unit.fails()));
            if (attempt(shorter)) {
                steps = fewer;
            }
        }
    }

    private boolean more() {
        return System.nanoTime() < deadline;
    }

    private boolean attempt(List<Operation> shorter) {
        if (shorter.isEmpty()) {
            return false;
        }
        Difference found = match.play(shorter, difference.subjects());
        if (!difference.like(found) || found == null) {
            return false;
        }
        history = List.copyOf(shorter.subList(0, Math.min(found.step() + 1, shorter.size())));
        difference = found;
        return true;
    }
}
