package dev.switchover.postgres;

import dev.switchover.storage.schema.CollectionSchema;
import java.util.List;

/**
 * SQL of a trigger that records rows as pending which somebody writes round the library, so that a mirror gets them. A row that the
 * library writes has a mark of the same transaction already, or needs none: then the trigger does nothing.
 *
 * <p>Marks only where PostgreSQL is the authority and mirrored; a mirror that was written is found by a verification. The version of
 * the mark is drawn behind the row's lock, not behind the id's: a write of the library that waits for this one may set an older mark in
 * its place, which is carried over all the same, for a mark stands for the record's present state.
 */
final class MarkTrigger {

    private static final String NAME = "switchover_mark";

    private MarkTrigger() {}

    /** Creates it, or replaces it. */
    static List<String> create(CollectionSchema<?, ?> schema, Names names) {
        RecordTable table = RecordTable.of(schema, names);
        String collection = Names.literal(schema.name());
        String versions = new Counters(names).versions(schema);
        String insert = WriteSql.markInto(names.pending()) + " SELECT " + collection + ", changed, nextval(" + versions
                + "), 0, now(), NULL ON CONFLICT (collection, id) DO UPDATE SET version = nextval(" + versions
                + "), parked = NULL";
        String function = "CREATE OR REPLACE FUNCTION " + function(schema, names) + "() RETURNS trigger\n"
                + "    LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT\nAS $$\n"
                + "DECLARE\n    changed text;\nBEGIN\n"
                + "    IF NOT EXISTS (SELECT 1 FROM " + names.ledger() + " WHERE collection = " + collection
                + " AND state = 'ACTIVE' AND mirroring <> 'OFF') THEN\n        RETURN NULL;\n    END IF;\n"
                + "    FOREACH changed IN ARRAY CASE TG_OP\n"
                + "        WHEN 'INSERT' THEN ARRAY[NEW." + table.idColumn() + "::text]\n"
                + "        WHEN 'DELETE' THEN ARRAY[OLD." + table.idColumn() + "::text]\n"
                + "        ELSE ARRAY[OLD." + table.idColumn() + "::text, NEW." + table.idColumn() + "::text] END\n"
                + "    LOOP\n"
                // A mark of this transaction is seen by nobody before it commits, so it stands for all that happens in
                // it.
                + "        IF NOT EXISTS (SELECT 1 FROM " + names.pending() + " p WHERE p.collection = " + collection
                + " AND p.id = changed AND p.xmin::text::bigint = (txid_current() & 4294967295)) THEN\n            "
                + insert + ";\n        END IF;\n    END LOOP;\n    RETURN NULL;\nEND\n$$";
        String trigger = "CREATE OR REPLACE TRIGGER " + NAME + " AFTER INSERT OR UPDATE OR DELETE ON " + table.name()
                + " FOR EACH ROW EXECUTE FUNCTION " + function(schema, names) + "()";
        return List.of(function, trigger);
    }

    /** Takes it away, if it is there. */
    static List<String> drop(CollectionSchema<?, ?> schema, Names names) {
        return List.of(
                "DROP TRIGGER IF EXISTS " + NAME + " ON "
                        + RecordTable.of(schema, names).name(),
                "DROP FUNCTION IF EXISTS " + function(schema, names) + "()");
    }

    private static String function(CollectionSchema<?, ?> schema, Names names) {
        return names.own("switchover_mark_" + schema.name());
    }
}
