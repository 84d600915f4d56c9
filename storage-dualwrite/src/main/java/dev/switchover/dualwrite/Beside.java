package dev.switchover.dualwrite;

import dev.switchover.dualwrite.flags.FlagTable;
import dev.switchover.dualwrite.flags.Flags;
import dev.switchover.dualwrite.flags.PhaseChoice;
import dev.switchover.dualwrite.view.FilesView;
import dev.switchover.dualwrite.view.StoreSight;
import dev.switchover.dualwrite.view.StoreView;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.postgres.SchemaLook;
import dev.switchover.storage.Phase;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.RecordCursor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Both stores beside the service that has them open. Thread-safe. */
final class Beside implements Sights, AutoCloseable {

    private final Configuration configuration;
    private final FilesView files;
    private final @Nullable PostgresStore postgres;
    private final @Nullable StoreView database;
    private volatile boolean usable;

    Beside(Configuration configuration, FilesView files, @Nullable PostgresStore postgres) {
        this.configuration = configuration;
        this.files = files;
        this.postgres = postgres;
        this.database = postgres == null ? null : StoreView.of(postgres);
    }

    Configuration configuration() {
        return configuration;
    }

    List<CollectionSchema<?, ?>> schemas() {
        return configuration.schemas();
    }

    /** @throws IllegalArgumentException if there is no such collection */
    CollectionSchema<?, ?> schema(String collection) {
        return schemas().stream()
                .filter(schema -> schema.name().equals(collection))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no collection " + collection + "; there is "
                        + String.join(", ", configuration.names())));
    }

    FilesView files() {
        return files;
    }

    boolean hasDatabase() {
        return postgres != null;
    }

    /**
     * The database, once its tables have been seen.
     *
     * @throws StoreUnavailableException if it does not answer
     * @throws StartRefusedException {@code SCHEMA-MISSING} if the library has never been there
     */
    StoreView database() {
        StoreView view = database;
        if (view == null) {
            throw notConfigured();
        }
        requireTables();
        return view;
    }

    /** Whether its tables are there or not. */
    PostgresStore configuredPostgres() {
        PostgresStore store = postgres;
        if (store == null) {
            throw notConfigured();
        }
        return store;
    }

    /** Null if none is configured. */
    @Nullable
    PostgresStore postgresOrNull() {
        return postgres;
    }

    static StartRefusedException notConfigured() {
        return new StartRefusedException(
                "DATABASE-NOT-CONFIGURED", "no database is configured", "Set DATABASE_URL or DATABASE_URL_FILE.");
    }

    /** The database, whether the library has been there or not. */
    @Nullable
    PostgresStore anyPostgres() {
        return postgres;
    }

    PostgresStore postgres() {
        database();
        PostgresStore store = postgres;
        if (store == null) {
            throw new IllegalStateException("no database is configured");
        }
        return store;
    }

    @Override
    public StoreSight json() {
        try {
            files.refresh();
            return new StoreSight.Seen(files);
        } catch (StorageException e) {
            return StoreSight.Away.because(e);
        }
    }

    @Override
    public StoreSight database(CollectionSchema<?, ?> schema) {
        PostgresStore store = postgres;
        if (store == null) {
            return new StoreSight.NotConfigured();
        }
        try {
            SchemaLook look = store.look();
            SchemaLook.Table table = look.table(schema);
            if (look.own().isEmpty() && table.exists() && table.missing().isEmpty()) {
                return new StoreSight.Seen(StoreView.of(store));
            }
            return new StoreSight.Blank(table.exists() && hasRows(store, schema));
        } catch (StorageException e) {
            return StoreSight.Away.because(e);
        }
    }

    private static boolean hasRows(PostgresStore store, CollectionSchema<?, ?> schema) {
        try (RecordCursor rows = store.rows(schema)) {
            return rows.hasNext();
        }
    }

    private void requireTables() {
        if (usable || postgres == null) {
            return;
        }
        SchemaLook look = postgres.look();
        if (!look.own().isEmpty()) {
            throw new StartRefusedException(
                    "SCHEMA-MISSING",
                    look.own(),
                    "The first start of the service makes them, or apply them by hand; nothing was changed.",
                    null);
        }
        usable = true;
    }

    /**
     * By collection, as a start with these variables would choose them.
     *
     * @param databaseAnswers false if it is known not to: nobody waits for it again
     */
    Map<String, PhaseChoice> phases(boolean databaseAnswers) {
        FlagTable table = flagTable(databaseAnswers);
        try {
            return Flags.resolve(configuration.environment(), table, configuration.names(), this::lastPhase);
        } catch (StartRefusedException e) {
            // Nobody knows: a start would be refused. What the environment alone says is all there is to show.
            return Flags.resolve(
                    configuration.environment(),
                    new FlagTable.Read(Map.of()),
                    configuration.names(),
                    collection -> Optional.empty());
        }
    }

    FlagTable flagTable(boolean databaseAnswers) {
        if (postgres == null) {
            return new FlagTable.NotConfigured();
        }
        return databaseAnswers ? FlagTables.read(postgres) : new FlagTable.Unreadable("PostgreSQL does not answer");
    }

    Optional<Phase> lastPhase(String collection) {
        try {
            return files.recent().lastPhase(schema(collection));
        } catch (StorageException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        if (postgres != null) {
            postgres.close();
        }
    }
}
