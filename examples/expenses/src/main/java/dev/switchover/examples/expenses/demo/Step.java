package dev.switchover.examples.expenses.demo;

import dev.switchover.storage.Phase;

/** A phase to go to, and what is to happen in it. */
record Step(Phase phase, String story, Event event) {

    enum Event {
        WRITES,
        /** The way to the database is cut for a while. */
        OUTAGE,
        /** A process that writes is killed, and the next one goes on. */
        KILL
    }
}
