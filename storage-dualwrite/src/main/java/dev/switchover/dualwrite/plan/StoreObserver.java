package dev.switchover.dualwrite.plan;

import dev.switchover.dualwrite.guard.Observation;
import dev.switchover.dualwrite.plan.Seen.Problem;
import dev.switchover.dualwrite.view.FilesView;
import dev.switchover.dualwrite.view.StoreView;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.postgres.SchemaLook;
import dev.switchover.postgres.SchemaMode;
import dev.switchover.storage.CorruptFileException;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.PendingSummary;
import dev.switchover.storage.spi.RecordCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

    Both look(CollectionSchema<?, ?> schema) {
        Read json = json(schema);
        Read database = database(schema);
        return new Both(json.seen(schema, database), database.seen(schema, json));
    }

    /** One store, read before the other is known. */
    private record Read(
            @Nullable StoreView view,
            Optional<LedgerEntry> entry,
            boolean hasRecords,
            long records,
            PendingSummary pending,
            @Nullable Seen instead) {

        static Read not(Seen seen) {
            return new Read(null, Optional.empty(), false, -1, PendingSummary.NONE, seen);
        }

        static Read empty(boolean hasRecords) {
            return new Read(null, Optional.empty(), hasRecords, hasRecords ? -1 : 0, PendingSummary.NONE, null);
        }

        static Read of(StoreView view, CollectionSchema<?, ?> schema) {
            return new Read(
                    view, view.entry(schema), view.hasRecords(schema), view.count(schema), view.pending(schema), null);
        }

        Seen seen(CollectionSchema<?, ?> schema, Read beside) {
            if (instead != null) {
                return instead;
            }
            boolean remembers = view == null
                    || entry.isEmpty()
                    || beside.entry().isEmpty()
                    || view.remembers(schema, beside.entry().get().seen().token());
            return new Seen(new Observation.Present(entry, hasRecords, remembers, pending), records, null);
        }
    }

    private Read json(CollectionSchema<?, ?> schema) {
        try {
            files.now();
            return Read.of(files, schema);
        } catch (StartRefusedException e) {
            return refused(e);
        } catch (CorruptFileException e) {
            return Read.not(new Seen(
                    unreachable(e),
                    -1,
                    new Problem("JSON-UNREADABLE", List.of(message(e)), "Mend the file that is named.")));
        } catch (StorageException e) {
            return Read.not(Seen.of(unreachable(e)));
        }
    }

    private Read database(CollectionSchema<?, ?> schema) {
        if (postgres == null) {
            return Read.not(Seen.of(new Observation.NotConfigured()));
        }
        try {
            SchemaLook tables = look == null ? postgres.look() : look;
            look = tables;
            Problem problem = problem(tables, tables.table(schema));
            if (problem != null) {
                return Read.not(new Seen(new Observation.Unreachable(String.join("; ", problem.facts())), -1, problem));
            }
            boolean whole =
                    tables.own().isEmpty() && tables.table(schema).missing().isEmpty();
            return whole ? Read.of(StoreView.of(postgres), schema) : Read.empty(hasRows(tables, schema));
        } catch (StartRefusedException e) {
            return refused(e);
        } catch (StoreUnavailableException e) {
            look = null;
            return Read.not(Seen.of(unreachable(e)));
        }
    }

    private static Read refused(StartRefusedException e) {
        return Read.not(new Seen(unreachable(e), -1, new Problem(e.code(), e.facts(), e.remedy())));
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

    private static Observation.Unreachable unreachable(StorageException e) {
        return new Observation.Unreachable(message(e));
    }

    private static String message(StorageException e) {
        return String.valueOf(e.getMessage());
    }
}
