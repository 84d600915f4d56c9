package dev.switchover.dualwrite.switchover;

import java.time.Clock;

/**
 * What a start needs beside the two stores.
 *
 * @param space where the JSON files are
 * @param clock for the time up to which a mirror is complete
 */
public record Surroundings(AsideFiles aside, DiskSpace space, Clock clock, StartLog log) {}
