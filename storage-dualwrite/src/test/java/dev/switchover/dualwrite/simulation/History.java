package dev.switchover.dualwrite.simulation;

import dev.switchover.dualwrite.testing.MemoryView;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.State;
import dev.switchover.storage.spi.Written;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What has been written to one collection, whichever store it went to: what has to be there now. */
final class History {

    private record Content(RecordId id, String body) {}

    private final CollectionSchema<?, ?> schema;
    private final Map<RecordId, RawRecord> present = new LinkedHashMap<>();
    private final Set<Store> leftBehind = EnumSet.noneOf(Store.class);
    private final Map<Store, String> forks = new EnumMap<>(Store.class);
    private final Set<Content> kept = new HashSet<>();
    private long highestVersion;
    private long highestNumber;
    /** The store that lost its latest records, until it is known which of the two goes on. */
    private @Nullable Store wentBack;

    private boolean noticeable;

    History(CollectionSchema<?, ?> schema) {
        this.schema = schema;
    }

    CollectionSchema<?, ?> schema() {
        return schema;
    }

    /** It was there before the library. */
    void existing(RawRecord record) {
        present.put(record.id(), record);
        kept.add(content(record));
        highestVersion = Math.max(highestVersion, record.version());
        highestNumber = Math.max(highestNumber, schema.number(record.id()));
    }

    /** Whether what the store does belongs to this history. After a loss the first store that takes or gives a record decides. */
    boolean follows(Store store, MemoryView view) {
        if (leftBehind.contains(store)) {
            return false;
        }
        if (wentBack != null) {
            goOnWith(store, view);
        }
        return true;
    }

    /** An older copy that takes itself for the authority. */
    void leaveBehind(Store store) {
        leftBehind.add(store);
    }

    void forkIs(Store store, @Nullable LedgerEntry entry) {
        if (entry == null) {
            forks.remove(store);
        } else {
            forks.put(store, entry.fork());
        }
    }

    boolean isLeftBehind(Store store) {
        return leftBehind.contains(store);
    }

    void written(Written written) {
        RawRecord record = written.record();
        if (written.effect() == Written.Effect.NOTHING) {
            return;
        }
        if (written.version() <= highestVersion) {
            throw new Violation(
                    "version " + written.version() + " of " + written.id() + " comes after " + highestVersion);
        }
        highestVersion = written.version();
        if (record == null) {
            present.remove(written.id());
        } else {
            present.put(written.id(), record);
            kept.add(content(record));
        }
        long number = schema.number(written.id());
        if (number > highestNumber) {
            highestNumber = number;
        }
    }

    /** An id the store made was never there before. */
    void issued(RecordId id) {
        long number = schema.number(id);
        if (number <= highestNumber) {
            throw new Violation("id " + id + " was issued again");
        }
    }

    void requirePresent(Store store, MemoryView view, RecordId id, String what) {
        requireSame(store, id, view.records().get(id), what);
    }

    void requireSame(Store store, RecordId id, @Nullable RawRecord there, String what) {
        RawRecord expected = present.get(id);
        boolean same = expected == null || there == null
                ? expected == there
                : expected.version() == there.version() && Arrays.equals(expected.body(), there.body());
        if (!same) {
            throw new Violation(schema.name() + " " + id + " " + what + " in " + store + " as " + MirrorRule.text(there)
                    + ", but was left as " + MirrorRule.text(expected));
        }
    }

    void requireAll(Store store, MemoryView view, String what) {
        Set<RecordId> ids = new HashSet<>(present.keySet());
        ids.addAll(view.records().keySet());
        ids.forEach(id -> requirePresent(store, view, id, what));
    }

    void ledgerChanged(Store store, MemoryView view, MemoryView other) {
        LedgerEntry entry = view.entry();
        if (entry == null) {
            return;
        }
        String before = forks.put(store, entry.fork());
        if (before != null && before.equals(entry.fork())) {
            return;
        }
        String besides = forks.getOrDefault(store.other(), "");
        if (entry.state() == State.ACTIVE
                && !entry.fork().isEmpty()
                && !entry.fork().equals(besides)) {
            leftBehind.remove(store);
            leftBehind.add(store.other());
            goOnWith(store, view);
        } else if (entry.fork().equals(besides) && leftBehind.remove(store)) {
            requireKept(store, view, other);
        }
    }

    /** What a store that was left behind holds was saved aside, or is held by the one that goes on, or was. */
    private void requireKept(Store store, MemoryView view, MemoryView goesOn) {
        for (RawRecord record : view.records().values()) {
            if (!kept.contains(content(record))) {
                throw new Violation(
                        schema.name() + " " + record.id() + " of " + store + " is taken back without having been"
                                + " saved aside: " + MirrorRule.text(record) + "; there is now "
                                + MirrorRule.text(goesOn.records().get(record.id())));
            }
        }
    }

    void savedAside(RawRecord record) {
        kept.add(content(record));
    }

    private void goOnWith(Store store, MemoryView view) {
        wentBack = null;
        present.clear();
        present.putAll(view.records());
        present.values().forEach(record -> kept.add(content(record)));
        highestVersion = Math.min(highestVersion, view.counter());
        highestNumber = Math.min(highestNumber, view.highestId());
    }

    /** The store was put back to an older copy. */
    void wentBack(Store store, boolean lost, boolean canBeNoticed) {
        if (lost) {
            wentBack = store;
            noticeable = canBeNoticed;
        }
    }

    boolean isOpen() {
        return wentBack != null;
    }

    boolean mustBeNoticed() {
        return wentBack != null && noticeable;
    }

    private static Content content(RawRecord record) {
        return new Content(record.id(), new String(record.body(), java.nio.charset.StandardCharsets.UTF_8));
    }
}
