package dev.switchover.dualwrite.reconcile;

/** Takes the differences a comparison finds, one after the other, on the thread that compares. */
@FunctionalInterface
public interface DifferenceSink {

    void accept(Difference difference);

    /** Called before anything a difference handed over so far is about is overwritten: what is to be kept is made durable. */
    default void force() {}
}
