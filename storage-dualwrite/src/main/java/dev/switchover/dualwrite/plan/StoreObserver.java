package dev.switchover.dualwrite.plan;

import dev.switchover.dualwrite.plan.Seen.Problem;
import dev.switchover.dualwrite.view.FilesView;
import dev.switchover.dualwrite.view.StoreSight;
import dev.switchover.dualwrite.view.StoreView;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.postgres.SchemaLook;
import dev.switchover.postgres.SchemaMode;
import dev.switchover.storage.CorruptFileException;
import dev.switchover.storage.Phase;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.RecordCursor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks at both stores as the guard has to see them, without a lock and without making tables. Used by one thread. */
final class StoreObserver {

    private final FilesView files;
    private final @Nullable PostgresStore postgres;
    private final SchemaMode mode;
    private @Nullable SchemaLook look;

    StoreObserver(FilesView files, @Nullable PostgresStore postgres, SchemaMode mode) {
        this.files = files;
        this.postgres = postgres;
        this.mode = mode;
    }

    /** Both stores. */
    record Both(Seen json, Seen database) {}

    /** Whether a store can be looked at, and what else a start would mind. */
    private record Sighted(StoreSight sight, @Nullable Problem problem) {

        static Sighted of(StoreSight sight) {
            return new Sighted(sight, null);
        }

        static Sighted unusable(StorageException e, Problem problem) {
            return new Sighted(StoreSight.Away.because(e), problem);
        }

        static Sighted refused(StartRefusedException e) {
            return unusable(e, new Problem(e.code(), e.facts(), e.remedy()));
        }
    }

    /** @param withoutJson whether a start does without a copy in JSON that cannot be used */
    Both look(CollectionSchema<?, ?> schema, Phase wanted, boolean withoutJson) {
        Sighted json = json(wanted, withoutJson);
        Sighted database = database(schema);
        Outlook outlook = Outlook.of(schema, wanted, json.sight(), database.sight());
        return new Both(
                new Seen(outlook.json(), count(outlook.view(Store.JSON), schema), json.problem()),
                new Seen(outlook.database(), count(outlook.view(Store.POSTGRESQL), schema), database.problem()));
    }

    private static long count(@Nullable StoreView view, CollectionSchema<?, ?> schema) {
        try {
            return view == null ? -1 : view.count(schema);
        } catch (StorageException e) {
            return -1;
        }
    }

    private Sighted json(Phase wanted, boolean withoutJson) {
        try {
            files.now();
            return Sighted.of(new StoreSight.Seen(files));
        } catch (StartRefusedException e) {
            if (e.code().equals("JSON-RETIRED") && wanted == Phase.DB_ONLY && withoutJson) {
                return Sighted.of(new StoreSight.Blank(false));
            }
            return Sighted.refused(e);
        } catch (CorruptFileException e) {
            if (withoutJson) {
                return Sighted.of(StoreSight.Away.because(e));
            }
            return Sighted.unusable(
                    e, new Problem("JSON-UNREADABLE", List.of(message(e)), "Mend the file that is named."));
        } catch (StorageException e) {
            return Sighted.of(StoreSight.Away.because(e));
        }
    }

    private Sighted database(CollectionSchema<?, ?> schema) {
        if (postgres == null) {
            return Sighted.of(new StoreSight.NotConfigured());
        }
        try {
            SchemaLook tables = look == null ? postgres.look() : look;
            look = tables;
            Problem problem = problem(tables, tables.table(schema));
            if (problem != null) {
                return new Sighted(new StoreSight.Away(String.join("; ", problem.facts()), null), problem);
            }
            boolean whole =
                    tables.own().isEmpty() && tables.table(schema).missing().isEmpty();
            return Sighted.of(
                    whole
                            ? new StoreSight.Seen(StoreView.of(postgres))
                            : new StoreSight.Blank(hasRows(tables, schema)));
        } catch (StartRefusedException e) {
            return Sighted.refused(e);
        } catch (StoreUnavailableException e) {
            look = null;
            return Sighted.of(StoreSight.Away.because(e));
        }
    }

    private @Nullable Problem problem(SchemaLook tables, SchemaLook.Table table) {
        if (!table.problems().isEmpty()) {
            return new Problem(
                    "SCHEMA-MISMATCH",
                    table.problems(),
                    "Change the table, or the collection's definition, so that they fit.");
        }
        List<String> missing = new ArrayList<>(tables.own());
        if (!table.missing().isEmpty()) {
            missing.add(table.name() + " lacks " + table.missing().size() + " statements");
        }
        return missing.isEmpty() || mode == SchemaMode.APPLY
                ? null
                : new Problem("SCHEMA-MISSING", missing, "Make the tables with 'schema apply'.");
    }

    /** A table that was there before the library has rows that count, although no ledger knows them. */
    private boolean hasRows(SchemaLook tables, CollectionSchema<?, ?> schema) {
        if (postgres == null || !tables.table(schema).exists()) {
            return false;
        }
        try (RecordCursor rows = postgres.rows(schema)) {
            return rows.hasNext();
        }
    }

    private static String message(StorageException e) {
        return String.valueOf(e.getMessage());
    }
}
