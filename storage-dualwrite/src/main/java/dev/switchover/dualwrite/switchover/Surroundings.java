package dev.switchover.dualwrite.switchover;

import dev.switchover.dualwrite.mirror.CatchUp;
import java.time.Clock;

/**
 * What a start needs beside the two stores.
 *
 * @param space where the JSON files are
 * @param clock for the time up to which a mirror is complete
 * @param catchUp the mirror's work while a start prepares
 */
public record Surroundings(AsideFiles aside, DiskSpace space, Clock clock, StartLog log, CatchUp catchUp) {

    /** Catching up at the pace of the machine. */
    public Surroundings(AsideFiles aside, DiskSpace space, Clock clock, StartLog log) {
        this(aside, space, clock, log, CatchUp.REAL);
    }
}
