package dev.switchover.postgres;

import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.Repository;
import dev.switchover.storage.repository.StandaloneStorage;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.RecordAccess;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * PostgreSQL alone, without JSON files beside it. Thread-safe. Close it: it holds connections.
 *
 * <pre>{@code
 * try (PostgresStorage storage = PostgresStorage.open(DatabaseUrl.parse(System.getenv("DATABASE_URL")), expenses)) {
 *     storage.repository(expenses).save(new Expense(...));
 * }
 * }</pre>
 */
public final class PostgresStorage extends StandaloneStorage {

    private PostgresStorage(PostgresStore store) {
        super(store);
    }

    /** Opens the database with the default settings; see {@link #open(PostgresSettings, Collection)}. */
    public static PostgresStorage open(DatabaseUrl url, CollectionDefinition<?, ?>... collections) {
        return open(PostgresSettings.of(url), Arrays.asList(collections));
    }

    /**
     * Connects, and creates or checks the tables.
     *
     * @throws dev.switchover.storage.StoreUnavailableException if the database does not answer
     * @throws dev.switchover.storage.StartRefusedException if its tables do not fit, or the ledger says that another store is in
     *     charge
     */
    public static PostgresStorage open(
            PostgresSettings settings, Collection<? extends CollectionDefinition<?, ?>> collections) {
        List<CollectionSchema<?, ?>> schemas = new ArrayList<>();
        for (CollectionDefinition<?, ?> collection : collections) {
            schemas.add(CollectionSchema.of(collection));
        }
        return new PostgresStorage(PostgresStore.open(settings, schemas));
    }

    @Override
    protected <T, ID> Repository<T, ID> newRepository(CollectionSchema<T, ID> schema, RecordAccess access) {
        return new PostgresRepository<>(schema, access);
    }
}
