package dev.switchover.postgres;

import dev.switchover.postgres.Database.Subject;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RecordId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Ids made by the store, never one twice. An id that a caller gives is moved behind first: the sequence is raised to it before
 * the record is written. How far the sequence is at least is remembered, so that a known id costs nothing. Thread-safe.
 */
final class IdSequence {

    private final Database database;
    private final Counters counters;
    private final Names names;
    private final Map<CollectionSchema<?, ?>, Long> reached = new ConcurrentHashMap<>();

    IdSequence(Database database, Names names) {
        this.database = database;
        this.counters = new Counters(names);
        this.names = names;
    }

    /** Forgets what was remembered: another server may be behind. */
    void forget() {
        reached.clear();
    }

    void issued(CollectionSchema<?, ?> schema, long id) {
        reached.merge(schema, id, Math::max);
    }

    long next(CollectionSchema<?, ?> schema) {
        // The table lock of the statement keeps it from coming between somebody's look at the sequence and its raise.
        String sql = "WITH locked AS (DELETE FROM "
                + RecordTable.of(schema, names).locked() + " WHERE false) SELECT nextval(" + counters.ids(schema) + ")";
        long id = database.read(new Subject(schema.name(), null), connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql);
                    ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        });
        issued(schema, id);
        return id;
    }

    /** Before a record with this id is written: no id issued later is this one. */
    void behind(CollectionSchema<?, ?> schema, RecordId id) {
        if (id.isEnvelope() || !Counters.issuesIds(schema)) {
            return;
        }
        raise(schema, schema.number(id));
    }

    void raise(CollectionSchema<?, ?> schema, long number) {
        if (number <= reached.getOrDefault(schema, 0L)) {
            return;
        }
        database.transaction(new Subject(schema.name(), null), Transaction.repeatable(), connection -> {
            counters.lock(connection, schema);
            counters.raiseIds(connection, schema, number);
            return number;
        });
        issued(schema, number);
    }

    /** After an id that was made turned out to be taken, by somebody who wrote to the table directly. */
    void behindStored(CollectionSchema<?, ?> schema) {
        String sql = "SELECT " + counters.highestId(schema);
        long highest = database.read(new Subject(schema.name(), null), connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql);
                    ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        });
        reached.remove(schema);
        raise(schema, highest);
    }
}
