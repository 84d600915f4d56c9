package dev.switchover.postgres;

import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.IdGeneration;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.TableLayout;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Expected;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.MirrorChange;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.Position;
import dev.switchover.storage.spi.State;
import dev.switchover.storage.spi.Write;
import dev.switchover.storage.spi.Written;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A database, a store on it, and collections that are served from it. */
final class Fixture implements AutoCloseable {

    record Item(
            @Nullable Long id,
            @Nullable String name,
            @Nullable BigDecimal amount,
            @Nullable Boolean paid,
            @Nullable LocalDate day,
            @Nullable Instant at,
            @Nullable Double rate,
            @Nullable List<String> tags) {}

    record Note(String id, String text) {}

    final TestDatabase database;
    final CollectionSchema<Item, Long> documents =
            items("documents", TableLayout.document().index("name").index("amount"));
    final CollectionSchema<Item, Long> columns =
            items("columns", TableLayout.columns().index("day", "name").index("amount"));
    final CollectionSchema<Note, String> notes =
            CollectionSchema.of(CollectionDefinition.of("notes", Note.class, String.class)
                    .json(JsonLayout.array().in("/notes"))
                    .build());
    final PostgresStore store;
    long epoch = 1;

    Fixture(TestDatabase database) {
        this.database = database;
        this.store = PostgresStore.open(settings(), schemas());
    }

    static Fixture create() {
        Fixture fixture = new Fixture(TestDatabase.create());
        fixture.store.prepare();
        return fixture;
    }

    /** With every collection active, and its writes recorded as pending or not. */
    static Fixture serving(Mirroring mirroring) {
        return create().served(mirroring);
    }

    /** On a server that forces every commit to disk. */
    static Fixture durable(Mirroring mirroring) {
        Fixture fixture = new Fixture(TestDatabase.durable());
        fixture.store.prepare();
        return fixture.served(mirroring);
    }

    private Fixture served(Mirroring mirroring) {
        for (CollectionSchema<?, ?> schema : store.schemas()) {
            serve(schema, mirroring);
        }
        return this;
    }

    PostgresSettings settings() {
        return PostgresSettings.of(DatabaseUrl.parse(database.url()));
    }

    List<CollectionSchema<?, ?>> schemas() {
        return List.of(documents, columns, notes);
    }

    static CollectionSchema<Item, Long> items(String name, TableLayout layout) {
        return CollectionSchema.of(CollectionDefinition.of(name, Item.class, Long.class)
                .idGeneration(IdGeneration.SEQUENCE)
                .json(JsonLayout.array().format(JsonLayout.Format.COMPACT))
                .table(layout)
                .build());
    }

    void serve(CollectionSchema<?, ?> schema, Mirroring mirroring) {
        LedgerEntry entry = LedgerEntry.first(UUID.randomUUID(), Position.NONE).with(mirroring);
        if (!store.ledger().compareAndSet(schema, null, entry, "test")) {
            throw new IllegalStateException("There is an entry already");
        }
        store.serve(schema, entry.epoch());
    }

    void follow(CollectionSchema<?, ?> schema) {
        LedgerEntry entry = LedgerEntry.first(UUID.randomUUID(), Position.NONE).with(State.MIRROR, 1);
        if (!store.ledger().compareAndSet(schema, null, entry, "test")) {
            throw new IllegalStateException("There is an entry already");
        }
    }

    void change(CollectionSchema<?, ?> schema, java.util.function.UnaryOperator<LedgerEntry> change) {
        LedgerEntry before = store.ledger().read(schema).orElseThrow();
        if (!store.ledger().compareAndSet(schema, before, change.apply(before), "test")) {
            throw new IllegalStateException("The entry changed");
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static String text(RawRecord record) {
        return text(record.body());
    }

    /** A body both layouts keep as it is. */
    static byte[] item(long id, String name) {
        return bytes("{\"id\":" + id + ",\"name\":\"" + name
                + "\",\"amount\":1.50,\"paid\":null,\"day\":null,\"at\":null,\"rate\":null,\"tags\":null}");
    }

    static Write.Put put(CollectionSchema<?, ?> schema, long id, String name) {
        return put(schema, id, name, Expected.ANY);
    }

    static Write.Put put(CollectionSchema<?, ?> schema, long id, String name, Expected expected) {
        return new Write.Put(schema, new RecordId(Long.toString(id)), item(id, name), expected);
    }

    static Write.Delete delete(CollectionSchema<?, ?> schema, long id) {
        return new Write.Delete(schema, new RecordId(Long.toString(id)), Expected.ANY);
    }

    static Write.Insert insert(CollectionSchema<?, ?> schema, String name) {
        String[] around = text(item(0, name)).split("0", 2);
        return new Write.Insert(schema, bytes(around[0]), bytes(around[1]));
    }

    Written write(Write write) {
        return store.write(List.of(write)).get(0);
    }

    static Fence fence() {
        return new Fence(1, 0);
    }

    static Map<CollectionSchema<?, ?>, Fence> fences(CollectionSchema<?, ?>... schemas) {
        Map<CollectionSchema<?, ?>, Fence> fences = new java.util.HashMap<>();
        for (CollectionSchema<?, ?> schema : schemas) {
            fences.put(schema, fence());
        }
        return fences;
    }

    static MirrorChange present(CollectionSchema<?, ?> schema, long id, long version, String name) {
        RecordId recordId = new RecordId(Long.toString(id));
        return new MirrorChange(schema, recordId, version, new RawRecord(recordId, version, version, item(id, name)));
    }

    static MirrorChange absent(CollectionSchema<?, ?> schema, long id, long version) {
        return new MirrorChange(schema, new RecordId(Long.toString(id)), version, null);
    }

    void sql(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Nullable
    String ask(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : null;
        }
    }

    @Override
    public void close() {
        store.close();
        database.close();
    }
}
