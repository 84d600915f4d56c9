package dev.switchover.json.commit;

import dev.switchover.json.journal.Change;
import dev.switchover.json.records.CollectionState;
import dev.switchover.json.records.Pending;
import dev.switchover.json.records.StoreState;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.LedgerEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Changes that are not committed yet, on top of those before them in the batch, on top of what is committed. Used by the
 * committer's thread alone.
 */
public final class Draft {

    private record Key(String collection, RecordId id) {}

    private final StoreState state;
    private final @Nullable Draft below;
    private final long sequence;
    private final List<Change> changes = new ArrayList<>();
    private final Map<Key, Optional<RawRecord>> records = new HashMap<>();
    private final Map<Key, Optional<Pending>> pending = new HashMap<>();
    private final Map<String, Long> versions = new HashMap<>();
    private final Map<String, LedgerEntry> entries = new HashMap<>();

    Draft(StoreState state, @Nullable Draft below, long sequence) {
        this.state = state;
        this.below = below;
        this.sequence = sequence;
    }

    /** Of the frame this will be: no other unit of work of this directory has the number. */
    public long sequence() {
        return sequence;
    }

    List<Change> changes() {
        return changes;
    }

    /** The committed state, for what no draft changes. */
    public CollectionState committed(CollectionSchema<?, ?> schema) {
        return state.of(schema);
    }

    public @Nullable RawRecord find(CollectionSchema<?, ?> schema, RecordId id) {
        Key key = new Key(schema.name(), id);
        for (Draft draft = this; draft != null; draft = draft.below) {
            Optional<RawRecord> found = draft.records.get(key);
            if (found != null) {
                return found.orElse(null);
            }
        }
        return state.of(schema).find(id);
    }

    /** Of everything there is, the envelope included. */
    public Set<RecordId> ids(CollectionSchema<?, ?> schema) {
        Set<RecordId> ids = below == null ? new LinkedHashSet<>(state.of(schema).ids()) : below.ids(schema);
        records.forEach((key, record) -> {
            if (!key.collection.equals(schema.name())) {
                return;
            }
            if (record.isPresent()) {
                ids.add(key.id);
            } else {
                ids.remove(key.id);
            }
        });
        return ids;
    }

    public @Nullable Pending pending(CollectionSchema<?, ?> schema, RecordId id) {
        Key key = new Key(schema.name(), id);
        for (Draft draft = this; draft != null; draft = draft.below) {
            Optional<Pending> found = draft.pending.get(key);
            if (found != null) {
                return found.orElse(null);
            }
        }
        return state.of(schema).pending().get(id);
    }

    /** A pending id and its collection. */
    public record Marked(CollectionSchema<?, ?> schema, Pending pending) {}

    /** About how many ids are pending of this unit of work: those of the batch are not counted. */
    public long sizeOfUnit(long unit) {
        return state.collections().stream()
                .mapToLong(collection -> collection.pending().ofUnit(unit).size())
                .sum();
    }

    /** What is pending of this unit of work, and not parked. */
    public List<Marked> ofUnit(long unit) {
        Set<Key> keys = new LinkedHashSet<>();
        for (CollectionState collection : state.collections()) {
            String name = collection.schema().name();
            collection.pending().ofUnit(unit).forEach(mark -> keys.add(new Key(name, mark.id())));
        }
        for (Draft draft = this; draft != null; draft = draft.below) {
            draft.pending.forEach((key, mark) -> {
                if (mark.isPresent() && mark.get().unit() == unit) {
                    keys.add(key);
                }
            });
        }
        List<Marked> marked = new ArrayList<>();
        for (Key key : keys) {
            CollectionSchema<?, ?> schema = state.of(key.collection).schema();
            Pending mark = pending(schema, key.id);
            if (mark != null && mark.unit() == unit && mark.parked() == null) {
                marked.add(new Marked(schema, mark));
            }
        }
        return marked;
    }

    public @Nullable LedgerEntry entry(CollectionSchema<?, ?> schema) {
        for (Draft draft = this; draft != null; draft = draft.below) {
            LedgerEntry entry = draft.entries.get(schema.name());
            if (entry != null) {
                return entry;
            }
        }
        return state.of(schema).entry();
    }

    /** The version counter. */
    public long version(CollectionSchema<?, ?> schema) {
        for (Draft draft = this; draft != null; draft = draft.below) {
            Long version = draft.versions.get(schema.name());
            if (version != null) {
                return version;
            }
        }
        return state.of(schema).version();
    }

    public long nextVersion(CollectionSchema<?, ?> schema) {
        return Math.addExact(version(schema), 1);
    }

    public void add(CollectionSchema<?, ?> schema, Change change) {
        String name = schema.name();
        changes.add(change);
        if (change instanceof Change.Put put) {
            RawRecord record = new RawRecord(put.id(), put.version(), put.order(), put.body());
            records.put(new Key(name, put.id()), Optional.of(record));
            raise(schema, put.version());
        } else if (change instanceof Change.Delete delete) {
            records.put(new Key(name, delete.id()), Optional.empty());
            raise(schema, delete.version());
        } else if (change instanceof Change.Mark mark) {
            Pending marked = new Pending(mark.id(), mark.version(), mark.unit(), mark.since(), null);
            pending.put(new Key(name, mark.id()), Optional.of(marked));
            raise(schema, mark.version());
        } else if (change instanceof Change.Unmark unmark) {
            pending.put(new Key(name, unmark.id()), Optional.empty());
        } else if (change instanceof Change.Park park) {
            Pending old = pending(schema, park.id());
            if (old != null) {
                pending.put(new Key(name, park.id()), Optional.of(old.park(park.reason())));
            }
        } else if (change instanceof Change.Retry retry) {
            Pending old = pending(schema, retry.id());
            if (old != null) {
                pending.put(new Key(name, retry.id()), Optional.of(old.retry()));
            }
        } else if (change instanceof Change.Counters counters) {
            raise(schema, counters.version());
        } else if (change instanceof Change.Entry entry) {
            entries.put(name, entry.entry());
        } else if (change instanceof Change.Seen seen) {
            LedgerEntry entry = entry(schema);
            if (entry != null) {
                entries.put(name, entry.withSeen(seen.position()));
            }
        }
    }

    private void raise(CollectionSchema<?, ?> schema, long version) {
        versions.put(schema.name(), Math.max(version(schema), version));
    }

    /** Takes over what a draft on top of this one has. */
    void absorb(Draft upper) {
        records.putAll(upper.records);
        pending.putAll(upper.pending);
        versions.putAll(upper.versions);
        entries.putAll(upper.entries);
    }
}
