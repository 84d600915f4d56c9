package dev.switchover.dualwrite.check;

import java.util.List;

/** What was checked, in order. Immutable; holds no passwords. */
public record CheckReport(List<Check> checks) {

    public CheckReport {
        checks = List.copyOf(checks);
    }

    /** What came of a check; the later the worse. */
    public enum State {
        OK,
        /** It works, and somebody should know. */
        WARNING,
        /** A start would fail, or records would be at risk. */
        FAILED,
        /** It does not answer, so nothing more can be told. */
        UNREACHABLE
    }

    /**
     * One check.
     *
     * @param name stable: {@code json.directory}, {@code postgresql.rights}
     * @param detail what was seen, and what to do about it
     */
    public record Check(String name, State state, String detail) {}

    /** The worst of all. */
    public State worst() {
        State worst = State.OK;
        for (Check check : checks) {
            worst = check.state().compareTo(worst) > 0 ? check.state() : worst;
        }
        return worst;
    }
}
