package dev.switchover.dualwrite.testing;

import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.IdGeneration;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Expected;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.Position;
import dev.switchover.storage.spi.State;
import dev.switchover.storage.spi.Write;
import dev.switchover.storage.spi.Written;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/** Two disks whose ledgers say that the first leads and the second follows, and the stores of the present process on them. */
public final class MemoryPair {

    /** A record to write. */
    public record Expense(Long id, String note) {}

    /** A second collection, for units of work. */
    public record Income(Long id, String note) {}

    private static final UUID LINEAGE = new UUID(1, 1);

    private final CollectionSchema<Expense, Long> expenses =
            CollectionSchema.of(CollectionDefinition.of("expenses", Expense.class, Long.class)
                    .idGeneration(IdGeneration.SEQUENCE)
                    .build());
    private final CollectionSchema<Income, Long> incomes = CollectionSchema.of(
            CollectionDefinition.of("incomes", Income.class, Long.class).build());
    private final MemoryDisk primaryDisk;
    private final MemoryDisk mirrorDisk;
    private volatile MemoryStore primary;
    private volatile MemoryStore mirror;

    /** @param primary which store leads */
    public MemoryPair(Store primary) {
        this.primaryDisk = MemoryDisk.of(primary, Clock.systemUTC());
        this.mirrorDisk = MemoryDisk.of(primary.other(), Clock.systemUTC());
        this.primary = primaryDisk.open(expenses, incomes);
        this.mirror = mirrorDisk.open(expenses, incomes);
        for (CollectionSchema<?, ?> schema : schemas()) {
            LedgerEntry leads = LedgerEntry.first(LINEAGE, Position.NONE);
            this.primary.ledger().compareAndSet(schema, null, leads, "first");
            this.mirror.ledger().compareAndSet(schema, null, leads.with(State.MIRROR, 1), "joined");
            this.primary.serve(schema, 1);
        }
    }

    public CollectionSchema<Expense, Long> expenses() {
        return expenses;
    }

    public CollectionSchema<Income, Long> incomes() {
        return incomes;
    }

    public List<CollectionSchema<?, ?>> schemas() {
        return List.of(expenses, incomes);
    }

    public MemoryDisk primaryDisk() {
        return primaryDisk;
    }

    public MemoryDisk mirrorDisk() {
        return mirrorDisk;
    }

    public MemoryStore primary() {
        return primary;
    }

    public MemoryStore mirror() {
        return mirror;
    }

    /** The process dies, on both disks at once, and another one begins. */
    public void crash() {
        primary.die();
        mirror.die();
        primary = primary.crash();
        mirror = mirror.crash();
        schemas().forEach(schema -> primary.serve(schema, 1));
    }

    /** From now on writes are recorded as pending, as after a comparison of everything. */
    public void mirroring(Mirroring mirroring) {
        for (CollectionSchema<?, ?> schema : schemas()) {
            LedgerEntry entry = primary.ledger().read(schema).orElseThrow();
            primary.ledger().compareAndSet(schema, entry, entry.with(mirroring), "test");
        }
    }

    public static RecordId id(long number) {
        return new RecordId(Long.toString(number));
    }

    public Write put(CollectionSchema<?, ?> schema, long id, String note) {
        byte[] body = ("{\"id\":" + id + ",\"note\":\"" + note + "\"}").getBytes(StandardCharsets.UTF_8);
        return new Write.Put(schema, id(id), body, Expected.ANY);
    }

    public Write delete(CollectionSchema<?, ?> schema, long id) {
        return new Write.Delete(schema, id(id), Expected.ANY);
    }

    public List<Written> save(long id, String note) {
        return primary.write(List.of(put(expenses, id, note)));
    }

    public List<Written> remove(long id) {
        return primary.write(List.of(delete(expenses, id)));
    }

    public List<Written> write(Write... writes) {
        return primary.write(Arrays.asList(writes));
    }

    /** Id, version, order and body of every record. */
    public static Map<String, String> content(MemoryStore store, CollectionSchema<?, ?> schema) {
        return store.records(schema).stream()
                .collect(Collectors.toMap(
                        record -> record.id().text(),
                        record -> record.version() + "/" + record.order() + " "
                                + new String(record.body(), StandardCharsets.UTF_8),
                        (one, other) -> one,
                        TreeMap::new));
    }

    /** Id and body of every record. */
    public static Map<String, String> bodies(MemoryStore store, CollectionSchema<?, ?> schema) {
        return store.records(schema).stream()
                .collect(Collectors.toMap(
                        record -> record.id().text(),
                        record -> new String(record.body(), StandardCharsets.UTF_8),
                        (one, other) -> one,
                        TreeMap::new));
    }

    public boolean areEqual() {
        return schemas().stream().allMatch(schema -> content(primary, schema).equals(content(mirror, schema)));
    }
}
