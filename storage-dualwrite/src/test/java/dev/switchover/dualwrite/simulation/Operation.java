package dev.switchover.dualwrite.simulation;

/** One write of a client: how often it has happened, and what its caller was told. */
final class Operation {

    enum Told {
        NOTHING,
        ACKNOWLEDGED,
        REFUSED,
        UNKNOWN
    }

    final String name;
    private int effects;
    private Told told = Told.NOTHING;

    Operation(String name) {
        this.name = name;
    }

    void happened() {
        effects++;
        if (effects > 1) {
            throw new Violation(name + " happened twice");
        }
        if (told == Told.REFUSED) {
            throw new Violation(name + " was refused and has happened later");
        }
    }

    void told(Told answer) {
        told = answer;
        if (answer == Told.ACKNOWLEDGED && effects != 1) {
            throw new Violation(name + " was acknowledged and has not happened");
        }
        if (answer == Told.REFUSED && effects != 0) {
            throw new Violation(name + " was refused and has happened");
        }
    }
}
