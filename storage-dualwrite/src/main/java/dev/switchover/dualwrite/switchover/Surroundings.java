package dev.switchover.dualwrite.switchover;

import dev.switchover.dualwrite.mirror.CatchUp;
import java.time.Clock;
import java.time.Duration;

/**
 * What a start needs beside the two stores.
 *
 * @param space where the JSON files are
 * @param clock for the time up to which a mirror is complete
 * @param outgoing saves what the authority has before it changes
 * @param catchUp the mirror's work while a start prepares
 * @param pause before a start prepares again because a store did not answer; doubled each time
 */
public record Surroundings(
        AsideFiles aside,
        DiskSpace space,
        OutgoingBackup outgoing,
        Clock clock,
        StartLog log,
        CatchUp catchUp,
        Duration pause) {

    private static final Duration PAUSE = Duration.ofMillis(500);

    /** Without a backup, catching up at the pace of the machine. */
    public Surroundings(AsideFiles aside, DiskSpace space, Clock clock, StartLog log) {
        this(aside, space, clock, log, CatchUp.REAL, PAUSE);
    }

    /** Without a backup. */
    public Surroundings(AsideFiles aside, DiskSpace space, Clock clock, StartLog log, CatchUp catchUp, Duration pause) {
        this(aside, space, OutgoingBackup.NONE, clock, log, catchUp, pause);
    }

    /** The same with one. */
    public Surroundings with(OutgoingBackup backup) {
        return new Surroundings(aside, space, backup, clock, log, catchUp, pause);
    }
}
