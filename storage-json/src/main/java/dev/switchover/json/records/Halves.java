package dev.switchover.json.records;

/** Which work on records is done by two threads, each with one half. */
public final class Halves {

    /** Records; fewer are not worth a thread. */
    private static final int WORTH_A_THREAD = 5_000;

    private Halves() {}

    public static boolean areWorthIt(int records) {
        return records >= WORTH_A_THREAD;
    }

    /** Where the second half begins; behind the last record if there are too few for two. */
    public static int middle(int records) {
        return areWorthIt(records) ? records / 2 : records;
    }
}
