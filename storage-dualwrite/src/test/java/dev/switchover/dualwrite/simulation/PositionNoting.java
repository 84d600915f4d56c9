package dev.switchover.dualwrite.simulation;

import dev.switchover.storage.Phase;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.Ledger;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Position;
import dev.switchover.storage.spi.State;

/** At the end of an instance in {@code DB_ONLY} JSON's ledger is told how far the database has come, as the router does it. */
final class PositionNoting {

    private final Instance instance;

    PositionNoting(Instance instance, Scenario scenario) {
        this.instance = instance;
    }

    void note() {
        boolean all = instance.phases.keySet().stream()
                .filter(schema -> instance.phase(schema) == Phase.DB_ONLY)
                .allMatch(instance.watch()::serving);
        boolean any = instance.phases.containsValue(Phase.DB_ONLY);
        if (!any || !all) {
            return;
        }
        boolean held = instance.json() != null;
        try {
            if (!instance.holdJson()) {
                return;
            }
            for (CollectionSchema<?, ?> schema : instance.phases.keySet()) {
                if (instance.phase(schema) == Phase.DB_ONLY) {
                    note(schema);
                }
            }
        } catch (StorageException e) {
            // A witness more, not a duty.
        } finally {
            if (!held) {
                instance.release();
            }
        }
    }

    private void note(CollectionSchema<?, ?> schema) {
        Ledger json = instance.store(Store.JSON).ledger();
        LedgerEntry entry = json.read(schema).orElse(null);
        if (entry == null || entry.state() == State.ACTIVE || !goesOnFrom(entry.seen(), schema)) {
            return;
        }
        Position now = instance.store(Store.POSTGRESQL).ledger().remember(schema);
        Position noted = new Position(
                now.timeline(), now.version(), now.token(), entry.seen().time());
        json.noteSeen(schema, new Fence(entry.epoch(), entry.term()), noted);
    }

    private boolean goesOnFrom(Position noted, CollectionSchema<?, ?> schema) {
        Ledger ledger = instance.store(Store.POSTGRESQL).ledger();
        return ledger.remembers(schema, noted.token())
                && ledger.read(schema)
                        .filter(entry -> entry.position().version() >= noted.version())
                        .isPresent();
    }
}
