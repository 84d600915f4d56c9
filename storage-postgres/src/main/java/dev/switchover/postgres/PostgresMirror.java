package dev.switchover.postgres;

import dev.switchover.postgres.Database.Subject;
import dev.switchover.postgres.UnforcedApplies.Apply;
import dev.switchover.storage.FencedException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.BoundedApply;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.MirrorChange;
import dev.switchover.storage.spi.MirrorTarget;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL as a receiver of another store's records: one statement for a batch of one collection, one transaction for a
 * batch of several, {@code COPY} for many new records, on two connections where they need not be one step. Thread-safe.
 */
final class PostgresMirror implements MirrorTarget {

    private final Database database;
    private final Supplier<Tables> tables;
    private final Supplier<Capabilities> capabilities;
    private final CopyLoader loader;
    private final MirrorCopy copy;
    private final PairedApply paired;
    private final Duration patience;

    /** By the clock, so that a later process begins above an earlier one. */
    private final AtomicLong applies = new AtomicLong(System.currentTimeMillis() * 1_000);

    /** The server takes applies in the order of their numbers, so they leave one by one. */
    private final ReentrantLock inTurn = new ReentrantLock();

    /** The last number that the server has answered for, under which fence. Under {@link #inTurn} only. */
    private final Map<CollectionSchema<?, ?>, Apply> answered = new HashMap<>();

    private final UnforcedApplies unforced;

    /** See {@link OwnConnection}. */
    private final AtomicLong ownNotBefore = new AtomicLong(System.nanoTime());

    PostgresMirror(
            Database database,
            Names names,
            Supplier<Tables> tables,
            Supplier<Capabilities> capabilities,
            PostgresSettings settings) {
        this.database = database;
        this.tables = tables;
        this.capabilities = capabilities;
        this.patience = settings.connectionTimeout().plus(settings.answerTimeout());
        this.copy = new MirrorCopy(database);
        this.paired = new PairedApply(database, capabilities, settings);
        this.unforced = new UnforcedApplies(database, tables);
        this.loader = new CopyLoader(database, names, tables, settings, this);
    }

    @Override
    public void apply(
            Map<CollectionSchema<?, ?>, Fence> fences,
            List<MirrorChange> changes,
            Map<CollectionSchema<?, ?>, Long> highestIds) {
        List<MirrorGroup> groups = MirrorGroup.of(changes, fences, highestIds, tables.get());
        if (groups.isEmpty()) {
            return;
        }
        waitInTurn();
        try {
            answered(applyAll(groups, subject(changes)));
        } finally {
            inTurn.unlock();
        }
    }

    @Override
    public @Nullable BoundedApply within(Duration atMost) {
        return database.opensOwn()
                ? new PostgresBoundedApply(
                        this, new OwnConnection(database, atMost, ownNotBefore, System::nanoTime), tables)
                : null;
    }

    /**
     * As {@link #apply}, on this connection.
     *
     * @return false if another apply is under way, or the server rolled this one back because of others: nothing was done
     */
    boolean applyOnce(Connection connection, MirrorGroup group) {
        if (!inTurn.tryLock()) {
            return false;
        }
        try {
            answered(apply(connection, List.of(group)));
            return true;
        } catch (SQLException e) {
            SqlFailure failure = SqlFailure.of(e);
            if (failure.kind() == SqlFailure.Kind.TRANSIENT) {
                return false;
            }
            throw failure.exception(subject(group.changes()), false);
        } finally {
            inTurn.unlock();
        }
    }

    @Override
    public void applyApart(
            Map<CollectionSchema<?, ?>, Fence> fences,
            List<List<MirrorChange>> units,
            Map<CollectionSchema<?, ?>, Long> highestIds) {
        Tables known = tables.get();
        if (!paired.suits(units, known)) {
            MirrorTarget.super.applyApart(fences, units, highestIds);
            return;
        }
        List<List<MirrorGroup>> halves = PairedApply.parted(units).stream()
                .map(half -> MirrorGroup.of(half, fences, highestIds, known))
                .toList();
        MirrorGroup all =
                MirrorGroup.joined(halves.stream().flatMap(List::stream).toList());
        waitInTurn();
        try {
            if (copy.suits(List.of(all))) {
                MirrorTarget.super.applyApart(fences, units, highestIds);
                return;
            }
            long number = applies.incrementAndGet();
            paired.apply(all, halves, number, before(all));
            answered.put(all.table().schema(), new Apply(all.fence(), number));
        } finally {
            inTurn.unlock();
        }
    }

    /**
     * Copies records of one table, not as one step.
     *
     * @return false if the table has some of them: then the others may be there now
     */
    boolean copy(MirrorGroup group, PairedCopy copying) {
        waitInTurn();
        try {
            long number = applies.incrementAndGet();
            boolean copied = copying.apply(group, number, before(group));
            answered.put(group.table().schema(), new Apply(group.fence(), number));
            return copied;
        } finally {
            inTurn.unlock();
        }
    }

    private void waitInTurn() {
        boolean mine = false;
        try {
            mine = inTurn.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!mine) {
            throw new StoreUnavailableException(
                    Store.POSTGRESQL, "Another apply to PostgreSQL is still under way; nothing was applied", null);
        }
    }

    /** Once they are committed. */
    private void answered(Map<CollectionSchema<?, ?>, Apply> applies) {
        answered.putAll(applies);
        unforced.add(applies);
    }

    private Map<CollectionSchema<?, ?>, Apply> applyAll(List<MirrorGroup> groups, Subject subject) {
        if (copy.suits(groups)) {
            MirrorGroup all = MirrorGroup.joined(groups);
            long number = applies.incrementAndGet();
            if (copy.apply(all, number, before(all))) {
                return Map.of(all.table().schema(), new Apply(all.fence(), number));
            }
        }
        if (groups.size() == 1) {
            return database.write(subject, connection -> apply(connection, groups));
        }
        Transaction transaction = Transaction.writing("");
        return database.transaction(subject, transaction, connection -> {
            Map<CollectionSchema<?, ?>, Apply> numbers = apply(connection, groups);
            capabilities.get().name(connection, transaction);
            return numbers;
        });
    }

    private Map<CollectionSchema<?, ?>, Apply> apply(Connection connection, List<MirrorGroup> groups)
            throws SQLException {
        Map<CollectionSchema<?, ?>, Apply> numbers = new HashMap<>();
        for (MirrorGroup group : groups) {
            numbers.put(group.table().schema(), new Apply(group.fence(), apply(connection, group)));
        }
        return numbers;
    }

    private static Subject subject(List<MirrorChange> changes) {
        String collections = String.join(
                ", ",
                changes.stream()
                        .map(change -> change.schema().name())
                        .distinct()
                        .toList());
        String id = changes.size() == 1 ? changes.get(0).id().text() : null;
        return new Subject(collections, id);
    }

    /** One statement; everything of the group or, if it is fenced, nothing. @return its number */
    private long apply(Connection connection, MirrorGroup group) throws SQLException {
        long before = before(group);
        long number = applies.incrementAndGet();
        apply(connection, group, number, before);
        return number;
    }

    /** @param number and before as {@link MirrorGroup#parameters} has them */
    static void apply(Connection connection, MirrorGroup group, long number, long before) throws SQLException {
        try (PreparedStatement statement =
                Bind.all(connection.prepareStatement(group.apply()), group.parameters(number, before))) {
            if (!group.isShort()) {
                requireOpen(group, statement, before);
            } else if (statement.executeUpdate() != 1) {
                explain(connection, group, number, before);
            }
        }
    }

    private static void explain(Connection connection, MirrorGroup group, long number, long before)
            throws SQLException {
        try (PreparedStatement statement = Bind.all(connection.prepareStatement(group.answer()), number)) {
            requireOpen(group, statement, before);
        }
    }

    private static void requireOpen(MirrorGroup group, PreparedStatement statement, long before) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            requireOpen(group, row, before);
        }
    }

    private long before(MirrorGroup group) {
        Apply last = answered.get(group.table().schema());
        return last != null && last.fence().equals(group.fence()) ? last.number() : 0;
    }

    /** @param row that the ledger answered with, see {@link MirrorSql} */
    static void requireOpen(MirrorGroup group, ResultSet row, long before) throws SQLException {
        CollectionSchema<?, ?> schema = group.table().schema();
        boolean entry = row.next();
        if (!entry || !row.getBoolean(2)) {
            throw refused(schema, group.fence(), entry ? row : null, before);
        }
    }

    /** @param entry that the ledger answered with; null if it has none */
    static FencedException refused(CollectionSchema<?, ?> schema, Fence fence, @Nullable ResultSet entry, long before)
            throws SQLException {
        if (entry == null) {
            return PostgresPending.fencedException(schema, fence, null);
        }
        String seen = entry.getString(1);
        boolean sameWorker = seen.endsWith(", epoch " + fence.epoch() + ", term " + fence.term());
        return sameWorker && entry.getLong(3) < before
                ? new FencedException(
                        schema.name(),
                        "PostgreSQL went back in time: it lacks what has been applied to " + schema.name()
                                + "; nothing was changed, everything has to be compared again")
                : PostgresPending.fencedException(schema, fence, seen);
    }

    @Override
    public void force(Map<CollectionSchema<?, ?>, Fence> fences) {
        unforced.force(fences);
    }

    @Override
    public long load(CollectionSchema<?, ?> schema, Fence fence, Iterator<MirrorChange> changes) {
        return loader.load(schema, fence, changes);
    }
}
