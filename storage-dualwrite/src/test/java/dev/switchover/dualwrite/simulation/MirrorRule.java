package dev.switchover.dualwrite.simulation;

import dev.switchover.dualwrite.testing.MemoryView;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Mirroring {@code on} means: wherever the stores differ, the id is pending or parked. Also in what a crash would leave. */
final class MirrorRule {

    private record Key(String collection, RecordId id) {}

    private final Checker checker;
    /** Changed behind everybody's back, and not the same again since. */
    private final Set<Key> excused = new HashSet<>();

    MirrorRule(Checker checker) {
        this.checker = checker;
    }

    void check(History history) {
        for (Store store : Store.values()) {
            MemoryView primary = checker.view(store, history.schema());
            LedgerEntry entry = primary.entry();
            if (entry != null
                    && entry.serves()
                    && entry.mirroring() == Mirroring.ON
                    && history.follows(store, primary)
                    && !history.isLeftBehind(store.other())) {
                check(history, primary, checker.view(store.other(), history.schema()));
            }
        }
    }

    private void check(History history, MemoryView primary, MemoryView mirror) {
        for (RecordId id : ids(primary, mirror)) {
            RawRecord leads = primary.records().get(id);
            boolean same = same(leads, mirror.records().get(id));
            boolean durably = same(leads, mirror.durableRecords().get(id));
            Key key = new Key(history.schema().name(), id);
            if (same && durably) {
                excused.remove(key);
            } else if (!primary.marked().contains(id) && !excused.contains(key)) {
                throw new Violation("mirroring is on, and " + key + " differs without being pending: " + text(leads)
                        + " and " + text(mirror.records().get(id)) + (same ? ", not forced" : ""));
            }
        }
    }

    /** Somebody else changed a store: what differs by it is excused. */
    void excuse(History history) {
        for (Store store : Store.values()) {
            for (RecordId id : checker.view(store, history.schema()).records().keySet()) {
                excused.add(new Key(history.schema().name(), id));
            }
        }
    }

    static Set<RecordId> ids(MemoryView one, MemoryView other) {
        Set<RecordId> ids = new HashSet<>(one.records().keySet());
        ids.addAll(other.records().keySet());
        ids.addAll(other.durableRecords().keySet());
        return ids;
    }

    static boolean same(@Nullable RawRecord one, @Nullable RawRecord other) {
        if (one == null || other == null) {
            return one == other;
        }
        return one == other || (one.order() == other.order() && Arrays.equals(one.body(), other.body()));
    }

    static String text(@Nullable RawRecord record) {
        return record == null
                ? "nothing"
                : new String(record.body(), java.nio.charset.StandardCharsets.UTF_8) + " of version "
                        + record.version();
    }

    /** Everything is the same in both, but for what was changed behind everybody's back. */
    boolean equal(History history, MemoryView one, MemoryView other) {
        return ids(one, other).stream()
                .allMatch(id -> same(one.records().get(id), other.records().get(id))
                        || excused.contains(new Key(history.schema().name(), id)));
    }
}
