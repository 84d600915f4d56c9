package dev.switchover.json;

import dev.switchover.json.directory.Disk;
import dev.switchover.json.directory.StoreDirectory;
import dev.switchover.json.records.CollectionState;
import dev.switchover.json.records.StoreState;
import dev.switchover.json.recovery.Recovered;
import dev.switchover.json.recovery.RecoveredCollection;
import dev.switchover.json.recovery.Recovery;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Query;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.query.QueryEvaluator;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.ParkedRecord;
import dev.switchover.storage.spi.PendingMark;
import dev.switchover.storage.spi.PendingSummary;
import dev.switchover.storage.spi.Position;
import dev.switchover.storage.spi.RecordAccess;
import dev.switchover.storage.spi.RecordCursor;
import dev.switchover.storage.spi.RecordSnapshot;
import dev.switchover.storage.spi.Write;
import dev.switchover.storage.spi.Written;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A JSON directory as it was when it was read, without its lock: for stale reads, status, verification and backup. Immutable
 * and thread-safe; nothing to close. Every write throws {@link StoreUnavailableException}.
 */
public final class ReadOnlyJsonStore implements RecordAccess {

    private final StoreState state;
    private final Recovered recovered;
    private final Instant readAt;

    private ReadOnlyJsonStore(Recovered recovered, Instant readAt) {
        this.recovered = recovered;
        this.readAt = readAt;
        List<CollectionState> collections =
                recovered.collections().stream().map(RecoveredCollection::state).toList();
        this.state = new StoreState(collections, recovered.lastSequence());
    }

    static ReadOnlyJsonStore open(JsonSettings settings, List<CollectionSchema<?, ?>> schemas, Disk disk, Clock clock) {
        StoreDirectory directory = new StoreDirectory(settings.directory().toAbsolutePath());
        Opening.requireNotRetired(directory);
        Recovery recovery = new Recovery(directory, settings.collidingEdits(), clock);
        return Uninterrupted.call("switchover-json-read", () -> {
            NetworkFileSystem.warnReader(disk, directory.root());
            Recovered recovered = BesideAWriter.read(
                    directory.root().toString(), () -> names(directory), () -> recovery.recover(schemas));
            return new ReadOnlyJsonStore(recovered, clock.instant());
        });
    }

    /** Checkpoints and segments never take a name again, so the same names mean that nothing was replaced in between. */
    private static Set<String> names(StoreDirectory directory) throws IOException {
        Set<String> names = new HashSet<>();
        if (Files.isDirectory(directory.hidden())) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory.hidden(), "{checkpoint,journal}-*")) {
                files.forEach(file -> names.add(file.toString()));
            }
        }
        return names;
    }

    /** What was found, for an opening that goes on from it. */
    Recovered recovered() {
        return recovered;
    }

    /** When the directory was read. */
    public Instant readAt() {
        return readAt;
    }

    /** See {@link JsonStore#copyTime}. */
    public Instant copyTime(CollectionSchema<?, ?> schema) {
        return CopyTime.of(state.of(schema));
    }

    /** The ledger entry, with its position; empty if the store has never been in contact. */
    public Optional<LedgerEntry> ledgerEntry(CollectionSchema<?, ?> schema) {
        CollectionState collection = state.of(schema);
        LedgerEntry entry = collection.entry();
        if (entry == null) {
            return Optional.empty();
        }
        Position position =
                new Position(recovered.directory().toString(), collection.version(), collection.lastToken(), readAt);
        return Optional.of(entry.withCounters(position, collection.issued().get()));
    }

    /** The phase noted last; empty if none was. */
    public Optional<Phase> lastPhase(CollectionSchema<?, ?> schema) {
        return Optional.ofNullable(state.of(schema).phase());
    }

    /** The ledger's history, oldest first. */
    public List<String> history(CollectionSchema<?, ?> schema) {
        return List.copyOf(state.of(schema).history());
    }

    /** How much is pending. */
    public PendingSummary pending(CollectionSchema<?, ?> schema) {
        return PendingSummaries.of(state.of(schema));
    }

    /** See {@link dev.switchover.storage.spi.PendingSet#marks}. */
    public List<PendingMark> marks(CollectionSchema<?, ?> schema, int atMost) {
        return JsonPendingSet.marks(schema, state.of(schema), atMost);
    }

    /** See {@link dev.switchover.storage.spi.PendingSet#parked}. */
    public List<ParkedRecord> parked(CollectionSchema<?, ?> schema) {
        return JsonPendingSet.parked(schema, state.of(schema));
    }

    /** Those of {@code ids} that are pending or parked. */
    public List<RecordId> among(CollectionSchema<?, ?> schema, Collection<RecordId> ids) {
        return JsonPendingSet.among(state.of(schema), ids);
    }

    /** See {@link dev.switchover.storage.spi.Ledger#remembers}. */
    public boolean remembers(CollectionSchema<?, ?> schema, String token) {
        return token.isEmpty() || state.of(schema).tokens().contains(token);
    }

    /** How many records there are. */
    public long count(CollectionSchema<?, ?> schema) {
        return state.of(schema).size();
    }

    @Override
    public Optional<RawRecord> find(CollectionSchema<?, ?> schema, RecordId id) {
        return Optional.ofNullable(state.of(schema).find(id));
    }

    @Override
    public List<RawRecord> list(CollectionSchema<?, ?> schema, Query query) {
        return QueryEvaluator.of(schema, query).evaluate(inOrder(schema));
    }

    @Override
    public RecordCursor stream(CollectionSchema<?, ?> schema, Query query) {
        return RecordCursor.of(list(schema, query).iterator());
    }

    @Override
    public long count(CollectionSchema<?, ?> schema, Query query) {
        return inOrder(schema).stream()
                .filter(QueryEvaluator.of(schema, query).filter())
                .count();
    }

    private List<RawRecord> inOrder(CollectionSchema<?, ?> schema) {
        return Arrays.asList(state.of(schema).inOrder());
    }

    /** See {@link dev.switchover.storage.spi.RecordStore#scan}. */
    public RecordCursor scan(CollectionSchema<?, ?> schema) {
        return Scan.cursor(schema, Scan.copy(state.of(schema)));
    }

    /** See {@link dev.switchover.storage.spi.RecordStore#snapshot}; it never changes. */
    public RecordSnapshot snapshot(Collection<? extends CollectionSchema<?, ?>> schemas) {
        return new JsonSnapshot(schemas, state::of, this::ledgerEntry);
    }

    @Override
    public long nextId(CollectionSchema<?, ?> schema) {
        throw readOnly();
    }

    @Override
    public List<Written> write(List<Write> writes) {
        throw readOnly();
    }

    private static StoreUnavailableException readOnly() {
        return new StoreUnavailableException(
                Store.JSON, "The JSON directory was opened to be read only; write through its holder", null);
    }
}
