package dev.switchover.dualwrite.simulation;

/** Unwinds a thread of a process that has died. Only the simulation throws it, and nothing the library does may catch it. */
final class Death extends Error {

    private static final long serialVersionUID = 1;

    Death() {
        super("this process has died", null, false, false);
    }
}
