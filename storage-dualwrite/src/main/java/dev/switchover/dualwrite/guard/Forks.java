package dev.switchover.dualwrite.guard;

/** Fork tokens. Each forced start appends its own, so that a history tells which others it left behind. */
public final class Forks {

    private Forks() {}

    /** The fork of a start forced on a history of fork {@code parent}. The token must have no dot. */
    public static String append(String parent, String token) {
        return parent.isEmpty() ? token : parent + "." + token;
    }

    /** Whether {@code fork} was forced, once or more often, out of {@code ancestor}. */
    static boolean descends(String fork, String ancestor) {
        if (ancestor.isEmpty()) {
            return !fork.isEmpty();
        }
        return fork.startsWith(ancestor + ".");
    }
}
