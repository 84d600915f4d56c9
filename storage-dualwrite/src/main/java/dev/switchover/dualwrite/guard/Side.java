package dev.switchover.dualwrite.guard;

import dev.switchover.storage.Store;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.State;

/** A store that has a ledger entry, as the guard looks at it. */
record Side(Store store, LedgerEntry entry, Observation.Present seen) {

    boolean is(State state) {
        return entry.state() == state;
    }

    boolean active() {
        return is(State.ACTIVE);
    }

    long epoch() {
        return entry.epoch();
    }

    /** Whether this store lacks what the other one has seen of it: then it is an older copy of itself. */
    boolean wentBack(Side other) {
        return Histories.wentBack(entry.position(), seen.remembers(), other.entry.seen());
    }

    /** Whether it has lost what the other one, its mirror, has applied. */
    boolean behindItsMirror(Side mirror) {
        return Histories.behindItsMirror(entry, mirror.entry, mirror.seen.remembers());
    }

    /** Whether its physical history is another than the one the other store noted. */
    boolean onNewTimeline(Side other) {
        return Histories.onNewTimeline(entry.position(), other.entry.seen());
    }

    String label() {
        return store.label();
    }

    String describe() {
        String state = entry.state().name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
        boolean unconfirmed = active() && !entry.confirmed();
        return label() + " is " + state + (unconfirmed ? " but not confirmed" : "") + " at epoch " + epoch()
                + (entry.fork().isEmpty() ? "" : " of fork " + entry.fork()) + ", version "
                + entry.position().version();
    }
}
