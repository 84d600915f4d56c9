package dev.switchover.storage.spi;

import java.time.Instant;

/**
 * How far a store has come, so that one that went back in time is noticed.
 *
 * @param timeline which physical history it is: system identifier and timeline in PostgreSQL, a random id of the directory
 *     in JSON
 * @param version the collection's version counter
 * @param token random; it was written into the store's own history before anybody else noted it. {@code ""} for none yet
 * @param time when it was noted, by the clock of who noted it; in a copy, up to when the copy is complete
 */
public record Position(String timeline, long version, String token, Instant time) {

    private static final String RETIRED = "retired";

    /** Nothing is known. */
    public static final Position NONE = new Position("", 0, "", Instant.EPOCH);

    /** The same position, noted at another time: in a copy, up to when the copy is complete. */
    public Position at(Instant otherTime) {
        return new Position(timeline, version, token, otherTime);
    }

    /** The same position, noted in a store that is no copy yet. */
    public Position beforeAnyCopy() {
        return at(Instant.EPOCH);
    }

    /** The same position, with a version counter nowhere below this. */
    public Position atLeast(long otherVersion) {
        return otherVersion <= version ? this : new Position(timeline, otherVersion, token, time);
    }

    /** In PostgreSQL's ledger, of JSON: its files were archived at this moment, and there are none since. */
    public static Position retired(Instant at) {
        return new Position(RETIRED, 0, "", at);
    }

    public boolean isRetired() {
        return timeline.equals(RETIRED);
    }

    public boolean isNone() {
        return timeline.isEmpty();
    }
}
