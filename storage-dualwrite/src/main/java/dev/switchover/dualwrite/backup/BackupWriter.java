package dev.switchover.dualwrite.backup;

import dev.switchover.dualwrite.backup.BackupTotals.Total;
import dev.switchover.dualwrite.backup.BackupTotals.Unreadable;
import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.RecordCursor;
import dev.switchover.storage.spi.RecordSnapshot;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes a backup of what a source holds, a record at a time. Used by one thread. */
final class BackupWriter implements AutoCloseable {

    private static final byte[] NEXT = {',', '\n'};
    private static final byte[] NEW_LINE = {'\n'};
    private static final int NAMED_UNREADABLE = 1_000;
    private static final int ATTEMPTS = 3;

    private final BackupSource source;
    private final List<CollectionSchema<?, ?>> schemas;
    private final Clock clock;
    private final Map<CollectionSchema<?, ?>, BackupSource.Authority> authorities = new LinkedHashMap<>();
    private final Map<Store, RecordSnapshot> snapshots = new EnumMap<>(Store.class);
    private final List<Unreadable> unreadable = new ArrayList<>();
    private long unreadableCount;

    BackupWriter(BackupSource source, List<CollectionSchema<?, ?>> schemas, Clock clock) {
        this.source = source;
        this.schemas = schemas;
        this.clock = clock;
    }

    /**
     * Fixes the moment the backup is of, in each store.
     *
     * @throws StoreUnavailableException if the authority changes all the time
     */
    Instant open() {
        for (int attempt = 1; ; attempt++) {
            Instant time = clock.instant().truncatedTo(ChronoUnit.MILLIS);
            look();
            CollectionSchema<?, ?> changed = changed();
            if (changed == null) {
                return time;
            }
            Store before = authority(changed).store();
            close();
            snapshots.clear();
            if (attempt == ATTEMPTS) {
                throw new StoreUnavailableException(
                        before, "The authority of " + changed.name() + " is being changed; ask again", null);
            }
        }
    }

    /** Whose authority is another one by now, so that what was opened may lack what that one has taken since. */
    private @Nullable CollectionSchema<?, ?> changed() {
        for (CollectionSchema<?, ?> schema : schemas) {
            if (source.authority(schema).store() != authority(schema).store()) {
                return schema;
            }
        }
        return null;
    }

    private void look() {
        for (CollectionSchema<?, ?> schema : schemas) {
            authorities.put(schema, source.authority(schema));
        }
        for (Store store : Store.values()) {
            List<CollectionSchema<?, ?>> of = schemas.stream()
                    .filter(schema -> authority(schema).store() == store)
                    .toList();
            if (!of.isEmpty()) {
                snapshots.put(store, source.snapshot(store, of));
            }
        }
    }

    private BackupSource.Authority authority(CollectionSchema<?, ?> schema) {
        return java.util.Objects.requireNonNull(authorities.get(schema));
    }

    private RecordSnapshot snapshot(CollectionSchema<?, ?> schema) {
        return java.util.Objects.requireNonNull(snapshots.get(authority(schema).store()));
    }

    void write(BackupOutput output, Instant time, BackupKind kind) throws IOException {
        List<BackupPart> parts = schemas.stream().map(this::part).toList();
        output.line(new BackupHead(UUID.randomUUID().toString(), time, kind, parts).line());
        List<Total> totals = new ArrayList<>();
        boolean first = true;
        for (CollectionSchema<?, ?> schema : schemas) {
            long records = 0;
            long bytes = 0;
            boolean envelope = false;
            try (RecordCursor cursor = snapshot(schema).scan(schema)) {
                while (cursor.hasNext()) {
                    RawRecord record = next(schema, cursor);
                    if (record == null) {
                        continue;
                    }
                    if (!first) {
                        output.line(NEXT);
                    }
                    first = false;
                    output.line(new BackupLine(schema.name(), record).encode());
                    bytes += record.body().length;
                    envelope |= record.id().isEnvelope();
                    records += record.id().isEnvelope() ? 0 : 1;
                }
            }
            totals.add(new Total(schema.name(), records, envelope, bytes));
        }
        if (!first) {
            output.line(NEW_LINE);
        }
        output.line(BackupTotals.line(totals, unreadable));
        output.end(BackupTotals.end(output.checksum()));
    }

    private BackupPart part(CollectionSchema<?, ?> schema) {
        RecordSnapshot snapshot = snapshot(schema);
        BackupSource.Authority authority = authority(schema);
        Optional<LedgerEntry> entry = snapshot.entry(schema);
        return new BackupPart(
                schema.name(),
                schema.idType(),
                snapshot.count(schema),
                authority.store(),
                authority.phase(),
                entry.filter(known -> !known.lineage().equals(MergedSource.UNKNOWN))
                        .map(known -> known.lineage().toString())
                        .orElse(null),
                entry.map(LedgerEntry::epoch).orElse(0L),
                entry.map(known -> known.position().version()).orElse(0L),
                entry.map(LedgerEntry::highestId).orElse(0L));
    }

    /** Null for a row that is no record: it cannot be kept, and is named instead. */
    private @Nullable RawRecord next(CollectionSchema<?, ?> schema, RecordCursor cursor) {
        try {
            return cursor.next();
        } catch (InvalidRecordException e) {
            unreadableCount++;
            if (unreadable.size() < NAMED_UNREADABLE) {
                unreadable.add(new Unreadable(schema.name(), String.valueOf(e.id())));
            }
            return null;
        }
    }

    /** How many rows were no records. */
    long unreadable() {
        return unreadableCount;
    }

    @Override
    public void close() {
        RuntimeException failure = null;
        for (RecordSnapshot snapshot : snapshots.values()) {
            try {
                snapshot.close();
            } catch (RuntimeException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
