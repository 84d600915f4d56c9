package dev.switchover.storage.repository;

import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.Page;
import dev.switchover.storage.Query;
import dev.switchover.storage.Read;
import dev.switchover.storage.Repository;
import dev.switchover.storage.VersionConflictException;
import dev.switchover.storage.Versioned;
import dev.switchover.storage.query.PageKeys;
import dev.switchover.storage.query.QueryEvaluator;
import dev.switchover.storage.schema.CheckedRecord;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Expected;
import dev.switchover.storage.spi.RecordAccess;
import dev.switchover.storage.spi.RecordCursor;
import dev.switchover.storage.spi.Write;
import dev.switchover.storage.spi.Written;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A repository over raw records: encodes, checks and decodes, and leaves the rest to {@link RecordAccess}. Thread-safe.
 *
 * <p>Every query is checked here first, so that what one store could not be asked is refused by all.
 */
public abstract class StoreRepository<T, ID> implements Repository<T, ID> {

    private final CollectionSchema<T, ID> schema;
    private final RecordAccess access;

    protected StoreRepository(CollectionSchema<T, ID> schema, RecordAccess access) {
        this.schema = schema;
        this.access = access;
    }

    @Override
    public final CollectionDefinition<T, ID> definition() {
        return schema.definition();
    }

    @Override
    public T create(T record) {
        CheckedRecord checked = schema.encode(record);
        return decode(writeOne(put(checked, Expected.ABSENT)), checked).record();
    }

    @Override
    public T save(T record) {
        CheckedRecord checked = schema.encode(record);
        return decode(writeOne(put(checked, Expected.ANY)), checked).record();
    }

    @Override
    public Versioned<T> save(T record, long expectedVersion) {
        CheckedRecord checked = schema.encode(record);
        if (checked.id() == null && expectedVersion != 0) {
            throw new VersionConflictException(schema.name(), "(new)", expectedVersion, 0);
        }
        return decode(writeOne(put(checked, new Expected.Version(expectedVersion))), checked);
    }

    @Override
    public List<T> saveAll(Iterable<? extends T> records) {
        List<CheckedRecord> checked = new ArrayList<>();
        List<Write> writes = new ArrayList<>();
        for (T record : records) {
            CheckedRecord one = schema.encode(record);
            checked.add(one);
            writes.add(put(one, Expected.ANY));
        }
        List<Written> written = writes.isEmpty() ? List.of() : access.write(writes);
        List<T> saved = new ArrayList<>(checked.size());
        for (int i = 0; i < checked.size(); i++) {
            saved.add(decode(written.get(i), checked.get(i)).record());
        }
        return saved;
    }

    @Override
    public Optional<T> findById(ID id) {
        return access.find(schema, schema.recordId(id)).map(this::decode);
    }

    @Override
    public Optional<Versioned<T>> findVersioned(ID id) {
        return access.find(schema, schema.recordId(id)).map(raw -> new Versioned<>(decode(raw), raw.version()));
    }

    @Override
    public boolean exists(ID id) {
        return access.find(schema, schema.recordId(id)).isPresent();
    }

    @Override
    public List<T> list(Query query) {
        return decode(access.list(schema, checked(query)));
    }

    @Override
    public Stream<T> stream(Query query) {
        RecordCursor cursor = access.stream(schema, checked(query));
        int traits = Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.IMMUTABLE;
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(cursor, traits), false)
                .onClose(cursor::close)
                .map(this::decode);
    }

    @Override
    public Page<T> page(Query query) {
        if (query.limit() < 1) {
            throw new IllegalArgumentException("A page needs a limit of at least 1: Query.limit(…)");
        }
        // One more than asked for tells whether there is a next page.
        long more = query.limit() == Long.MAX_VALUE ? query.limit() : query.limit() + 1;
        List<RawRecord> found = access.list(schema, checked(query).limit(more));
        if (found.size() <= query.limit()) {
            return new Page<>(decode(found), Optional.empty());
        }
        List<RawRecord> page = found.subList(0, (int) query.limit());
        return new Page<>(decode(page), Optional.of(PageKeys.of(schema, query, page.get(page.size() - 1))));
    }

    @Override
    public long count(Query query) {
        return access.count(schema, checked(query));
    }

    @Override
    public Optional<T> update(ID id, UnaryOperator<T> change) {
        RecordId recordId = schema.recordId(id);
        return Retry.onConflict(recordId, () -> {
            Optional<RawRecord> found = access.find(schema, recordId);
            if (found.isEmpty()) {
                return Optional.<T>empty();
            }
            CheckedRecord changed = Change.apply(schema, found.get(), change);
            Write write = put(changed, new Expected.Version(found.get().version()));
            try {
                return Optional.of(decode(writeOne(write), changed).record());
            } catch (VersionConflictException e) {
                throw new Retry.LostRace(e);
            }
        });
    }

    @Override
    public boolean delete(ID id) {
        Written written = writeOne(new Write.Delete(schema, schema.recordId(id), Expected.ANY));
        return written.effect() == Written.Effect.DELETED;
    }

    @Override
    public void delete(ID id, long expectedVersion) {
        writeOne(new Write.Delete(schema, schema.recordId(id), new Expected.Version(expectedVersion)));
    }

    @Override
    public int deleteAll(Collection<? extends ID> ids) {
        Set<RecordId> distinct = new LinkedHashSet<>();
        ids.forEach(id -> distinct.add(schema.recordId(id)));
        if (distinct.isEmpty()) {
            return 0;
        }
        List<Write> writes = new ArrayList<>();
        distinct.forEach(id -> writes.add(new Write.Delete(schema, id, Expected.ANY)));
        return (int) access.write(writes).stream()
                .filter(written -> written.effect() == Written.Effect.DELETED)
                .count();
    }

    @Override
    public <R> Read<R> read(Function<? super Repository<T, ID>, R> read) {
        AtomicReference<@Nullable Instant> oldest = new AtomicReference<>();
        RecordAccess observed = access.observing(copyTime -> oldest.accumulateAndGet(
                copyTime, (known, next) -> known == null || (next != null && next.isBefore(known)) ? next : known));
        R value = read.apply(new View<>(schema, observed));
        return new Read<>(value, oldest.get());
    }

    private Write put(CheckedRecord checked, Expected expected) {
        RecordId id = checked.id();
        if (id == null) {
            byte[][] around = schema.aroundId(checked.body());
            return new Write.Insert(schema, around[0], around[1]);
        }
        return new Write.Put(schema, id, checked.body(), expected);
    }

    private Written writeOne(Write write) {
        return access.write(List.of(write)).get(0);
    }

    private Query checked(Query query) {
        QueryEvaluator.of(schema, query);
        return query;
    }

    /** The record as it was stored by this call. */
    private Versioned<T> decode(Written written, CheckedRecord checked) {
        RawRecord stored = written.record();
        byte[] body = stored == null ? checked.body() : stored.body();
        return new Versioned<>(schema.decode(written.id(), body), written.version());
    }

    private T decode(RawRecord raw) {
        return schema.decode(raw.id(), raw.body());
    }

    private List<T> decode(List<RawRecord> found) {
        List<T> records = new ArrayList<>(found.size());
        for (RawRecord raw : found) {
            records.add(decode(raw));
        }
        return records;
    }

    /** The repository that {@link #read} hands out: the same records, told when they are stale. */
    private static final class View<T, ID> extends StoreRepository<T, ID> {

        View(CollectionSchema<T, ID> schema, RecordAccess access) {
            super(schema, access);
        }
    }
}
