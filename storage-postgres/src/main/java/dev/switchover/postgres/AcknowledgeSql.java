package dev.switchover.postgres;

import dev.switchover.storage.schema.CollectionSchema;

/**
 * Takes marks out of the pending set. A mark that somebody is changing at this moment gets a newer version, so there is nothing to
 * wait for.
 *
 * <p>The table is nearly empty most of the time and yet long: each write adds a row and each acknowledgement leaves a dead one, until
 * the server clears them away. So each mark is looked up by its id, in a way that leaves the server no choice: whoever joins the table
 * with an array is given a plan that reads all of it.
 */
final class AcknowledgeSql {

    private AcknowledgeSql() {}

    /**
     * @param open reads the ledger as {@code l}; its parameters come first
     * @return with two more parameters, arrays of ids and of versions
     */
    static String of(String open, CollectionSchema<?, ?> schema, Names names) {
        String collection = Names.literal(schema.name());
        return "WITH " + open
                + ", s AS MATERIALIZED (SELECT q.id FROM l CROSS JOIN unnest(?::text[], ?::bigint[]) AS a (id,"
                + " version) CROSS JOIN LATERAL (SELECT m.id FROM "
                + names.pending() + " m WHERE m.collection = " + collection
                + " AND m.id = a.id AND m.version = a.version FOR UPDATE SKIP LOCKED) q WHERE l.open),"
                + " done AS (DELETE FROM " + names.pending() + " AS p WHERE p.collection = " + collection
                + " AND p.id = ANY (ARRAY(SELECT s.id FROM s)) RETURNING p.version), noted AS (UPDATE "
                + names.ledger()
                + " AS g SET seen_version = m.version FROM l, (SELECT max(version) AS version FROM done) m WHERE l.open"
                + " AND g.collection = " + collection + " AND g.epoch = l.epoch AND g.term = l.term"
                + " AND g.seen_timeline <> '' AND g.seen_version < m.version)"
                + " SELECT l.seen, l.open, (SELECT count(*) FROM done) FROM l";
    }
}
