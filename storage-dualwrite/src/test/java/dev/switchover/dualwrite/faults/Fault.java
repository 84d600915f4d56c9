package dev.switchover.dualwrite.faults;

import java.time.Duration;

/** What can be wrong with a database. */
enum Fault {
    SWALLOWED(true) {
        @Override
        void begin(Surroundings around) {
            around.proxy().hang();
        }
    },
    REFUSED(true) {
        @Override
        void begin(Surroundings around) {
            around.proxy().refuse();
        }
    },
    RESET(true) {
        @Override
        void begin(Surroundings around) {
            around.proxy().reset();
        }
    },
    HALF_CLOSED(true) {
        @Override
        void begin(Surroundings around) {
            around.proxy().halfClose();
        }
    },
    ACCEPTED_AND_ENDED(true) {
        @Override
        void begin(Surroundings around) {
            around.proxy().cut();
        }
    },
    READ_ONLY(true) {
        @Override
        void begin(Surroundings around) {
            around.settings("default_transaction_read_only", "on");
            around.endConnections();
        }

        @Override
        void end(Surroundings around) {
            around.settings("default_transaction_read_only", "off");
            around.endConnections();
        }
    },
    NO_CONNECTION_LEFT(true) {
        @Override
        void begin(Surroundings around) {
            around.takeAllConnections();
        }

        @Override
        void end(Surroundings around) {
            around.giveConnectionsBack();
        }
    },
    SUSPENDED(true) {
        @Override
        void begin(Surroundings around) {
            around.cluster().suspend();
        }

        @Override
        void end(Surroundings around) {
            around.cluster().resume();
        }
    },
    KILLED(true) {
        @Override
        void begin(Surroundings around) {
            around.cluster().kill();
        }

        @Override
        void end(Surroundings around) {
            around.cluster().begin();
        }
    },
    LOCKED(false) {
        @Override
        void begin(Surroundings around) {
            around.lockTables();
        }

        @Override
        void end(Surroundings around) {
            around.unlockTables();
        }
    },
    SLOW(false) {
        @Override
        void begin(Surroundings around) {
            around.proxy().slow(Duration.ofMillis(150));
        }
    },
    COMMIT_UNANSWERED(false) {
        @Override
        void begin(Surroundings around) {
            around.proxy().cutAnswerTo("COMMIT");
        }
    };

    private final boolean away;

    Fault(boolean away) {
        this.away = away;
    }

    /** Whether nothing can be written while it lasts. */
    boolean away() {
        return away;
    }

    /** Whether it takes a server that may be stopped. */
    boolean needsOwnServer() {
        return this == NO_CONNECTION_LEFT || this == SUSPENDED || this == KILLED;
    }

    abstract void begin(Surroundings around);

    void end(Surroundings around) {
        around.proxy().mend();
    }
}
