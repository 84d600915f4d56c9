package dev.switchover.dualwrite.simulation;

/** Something that must never happen has happened. An Error, so that nothing between it and the simulation takes it for its own. */
final class Violation extends Error {

    private static final long serialVersionUID = 1;

    Violation(String message) {
        super(message);
    }
}
