package dev.switchover.dualwrite.guard;

import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.PendingSummary;
import dev.switchover.storage.spi.Position;
import dev.switchover.storage.spi.State;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Observations, written short: {@code "active 2"}, {@code "unconfirmed 2"}, {@code "receiving 3"}, {@code "none"}. */
final class Seen {

    static final UUID LINEAGE = new UUID(1, 1);
    static final UUID OTHER_LINEAGE = new UUID(2, 2);
    static final Observation UNREACHABLE = new Observation.Unreachable("connection refused");
    static final Observation LOCKED = new Observation.Locked("pid 7 on host h");
    static final Observation NOT_CONFIGURED = new Observation.NotConfigured();

    private Seen() {}

    static Observation of(String text) {
        return switch (text) {
            case "unreachable" -> UNREACHABLE;
            case "locked" -> LOCKED;
            case "not configured" -> NOT_CONFIGURED;
            case "empty" -> present(null, false, true);
            case "files" -> present(null, true, true);
            default ->
                text.endsWith(" forgot")
                        ? present(entry(text.substring(0, text.length() - " forgot".length())), true, false)
                        : present(entry(text), true, true);
        };
    }

    static Observation.Present present(LedgerEntry entry, boolean hasRecords, boolean remembers) {
        return new Observation.Present(Optional.ofNullable(entry), hasRecords, remembers, PendingSummary.NONE);
    }

    /** State, epoch and, behind a slash, fork; an exclamation mark in front for another lineage. */
    static LedgerEntry entry(String text) {
        boolean foreign = text.startsWith("!");
        String[] parts = text.replace("!", "").split("[ /]");
        boolean unconfirmed = parts[0].equals("unconfirmed");
        State state = unconfirmed
                ? State.ACTIVE
                : State.valueOf(parts[0].replace("handed", "handed_over").toUpperCase());
        return new LedgerEntry(
                foreign ? OTHER_LINEAGE : LINEAGE,
                Long.parseLong(parts[1]),
                parts.length > 2 ? parts[2] : "",
                state,
                state == State.ACTIVE && !unconfirmed,
                Mirroring.OFF,
                0,
                position(10),
                position(10),
                0);
    }

    static Position position(long version) {
        return new Position("t", version, "token", Instant.parse("2026-01-05T00:00:00Z"));
    }
}
