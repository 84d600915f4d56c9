package dev.switchover.dualwrite.simulation;

import dev.switchover.dualwrite.testing.Call;
import dev.switchover.dualwrite.testing.MemoryDisk;
import dev.switchover.dualwrite.testing.MemoryView;
import dev.switchover.dualwrite.testing.Statement;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.State;
import dev.switchover.storage.spi.Written;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The judge. It stands outside: it sees each effect in a store at the moment it happens, and the order of these moments is the one
 * history there may be. Every write and every read of an authority has to meet what the write before it left, whichever store
 * that one went to.
 */
final class Checker {

    private final Map<Store, MemoryDisk> disks;
    private final Map<String, History> histories = new LinkedHashMap<>();
    private final MirrorRule mirrorRule;

    Checker(MemoryDisk json, MemoryDisk database, List<CollectionSchema<?, ?>> schemas) {
        this.disks = Map.of(Store.JSON, json, Store.POSTGRESQL, database);
        schemas.forEach(schema -> histories.put(schema.name(), new History(schema)));
        this.mirrorRule = new MirrorRule(this);
    }

    History history(String collection) {
        History history = histories.get(collection);
        if (history == null) {
            throw new IllegalArgumentException(collection);
        }
        return history;
    }

    MemoryView view(Store store, CollectionSchema<?, ?> schema) {
        MemoryDisk disk = disks.get(store);
        if (disk == null) {
            throw new IllegalArgumentException(store.name());
        }
        return MemoryView.of(disk, schema);
    }

    MirrorRule mirrorRule() {
        return mirrorRule;
    }

    /** A statement is about to take effect. */
    void before(Statement<?> statement, Actor actor) {
        if (statement.call().operation() != Call.Operation.WRITE) {
            return;
        }
        for (String collection : statement.call().collections()) {
            History history = history(collection);
            Store store = statement.store();
            MemoryView view = view(store, history.schema());
            if (!history.follows(store, view)) {
                continue;
            }
            LedgerEntry other = view(store.other(), history.schema()).entry();
            if (other != null && other.serves() && !history.isLeftBehind(store.other())) {
                throw new Violation(
                        actor + " writes to " + collection + " in " + store + " while the other store serves");
            }
            statement.call().ids().forEach(id -> history.requirePresent(store, view, id, "is written"));
        }
    }

    /** A statement has taken effect. */
    void after(Statement<?> statement, @Nullable Object result, Actor actor) {
        Store store = statement.store();
        switch (statement.call().operation()) {
            case WRITE -> {
                written(statement, result, actor);
                changed(statement);
            }
            case FIND -> found(store, statement.call(), result);
            case COMPARE_AND_SET -> {
                for (String collection : statement.call().collections()) {
                    ledgerChanged(store, history(collection));
                }
                changed(statement);
            }
            case APPLY, LOAD, ACKNOWLEDGE, MARK, PARK, RETRY, DISCARD -> changed(statement);
            default -> {
                // Nothing that is judged.
            }
        }
    }

    private void changed(Statement<?> statement) {
        statement.call().collections().forEach(collection -> mirrorRule.check(history(collection)));
    }

    private void written(Statement<?> statement, @Nullable Object result, Actor actor) {
        if (actor.operation != null) {
            actor.operation.happened();
        }
        for (Object each : (List<?>) Optional.ofNullable(result).orElseThrow()) {
            Written written = (Written) each;
            History history = history(written.schema().name());
            Store store = statement.store();
            if (history.follows(store, view(store, history.schema()))) {
                if (!statement.call().ids().contains(written.id())) {
                    history.issued(written.id());
                }
                history.written(written);
            }
        }
    }

    private void found(Store store, Call call, @Nullable Object result) {
        History history = history(call.collections().get(0));
        MemoryView view = view(store, history.schema());
        LedgerEntry entry = view.entry();
        // A process that has not noticed yet that it is fenced may read what is no longer new.
        if (entry != null && entry.serves() && history.follows(store, view)) {
            RawRecord read =
                    (RawRecord) ((Optional<?>) Optional.ofNullable(result).orElseThrow()).orElse(null);
            history.requireSame(store, call.ids().get(0), read, "is read");
        }
    }

    private void ledgerChanged(Store store, History history) {
        MemoryView view = view(store, history.schema());
        MemoryView other = view(store.other(), history.schema());
        history.ledgerChanged(store, view, other);
        LedgerEntry one = view.entry();
        LedgerEntry two = other.entry();
        if (one != null
                && two != null
                && one.serves()
                && two.serves()
                && !history.isLeftBehind(store)
                && !history.isLeftBehind(store.other())) {
            throw new Violation("both stores serve " + history.schema().name() + ": " + one + " and " + two);
        }
    }

    /** The guard has let an instance serve: everything that was acknowledged is there. */
    void serves(CollectionSchema<?, ?> schema, Phase phase, Instance instance) {
        History history = history(schema.name());
        MemoryView view = view(phase.primary(), schema);
        LedgerEntry entry = view.entry();
        if (entry != null && entry.serves() && history.follows(phase.primary(), view)) {
            history.requireAll(phase.primary(), view, "is served by " + instance);
        }
    }

    /** The store was put back to an older copy of itself. */
    void restored(Store store, CollectionSchema<?, ?> schema, MemoryView before, boolean running) {
        History history = history(schema.name());
        MemoryView now = view(store, schema);
        LedgerEntry other = view(store.other(), schema).entry();
        boolean same = before.counter() == now.counter() && before.records().equals(now.records());
        if (isAuthority(before.entry(), other)) {
            boolean token = other != null && !now.tokens().contains(other.seen().token());
            history.wentBack(store, !same, token && !running);
        } else if (now.entry() != null && now.entry().serves()) {
            history.leaveBehind(store);
        }
        history.forkIs(store, now.entry());
    }

    private static boolean isAuthority(@Nullable LedgerEntry own, @Nullable LedgerEntry other) {
        if (own == null) {
            return false;
        }
        return own.state() == State.ACTIVE
                || (own.state() == State.SEALED && (other == null || other.state() != State.ACTIVE));
    }

    /** Something outside the library changed the store. */
    void tampered() {
        histories.values().forEach(mirrorRule::excuse);
    }
}
