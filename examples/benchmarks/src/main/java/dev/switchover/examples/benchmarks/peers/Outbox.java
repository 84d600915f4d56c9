package dev.switchover.examples.benchmarks.peers;

import com.gruelbox.transactionoutbox.Dialect;
import com.gruelbox.transactionoutbox.Instantiator;
import com.gruelbox.transactionoutbox.Persistor;
import com.gruelbox.transactionoutbox.ThreadLocalContextTransactionManager;
import com.gruelbox.transactionoutbox.TransactionManager;
import com.gruelbox.transactionoutbox.TransactionOutbox;
import com.zaxxer.hikari.HikariDataSource;
import dev.switchover.examples.benchmarks.stage.Database;
import dev.switchover.examples.benchmarks.stage.Entry;
import dev.switchover.examples.benchmarks.stage.EntryStore;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An outbox: the upsert, and in its transaction a note that the record has to be written elsewhere too. Only that is
 * measured: the note is never acted on, which would burden whoever is measured next.
 */
public final class Outbox implements EntryStore {

    public static final String NAME = "transaction-outbox, noting only";

    private final HikariDataSource pool;
    private final ThreadLocalContextTransactionManager transactions;
    private final TransactionOutbox outbox;

    private Outbox(HikariDataSource pool) {
        this.pool = pool;
        this.transactions = TransactionManager.fromDataSource(pool);
        this.outbox = TransactionOutbox.builder()
                .transactionManager(transactions)
                .persistor(Persistor.forDialect(Dialect.POSTGRESQL_9))
                .instantiator(Instantiator.using(type -> new Second()))
                .submitter((entry, work) -> {})
                .build();
    }

    public static Outbox open(Database database) throws SQLException {
        return new Outbox(DocumentTable.pool(database));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void load(List<Entry> entries) throws Exception {
        DocumentTable.load(pool, entries);
    }

    @Override
    public void save(Entry entry) throws Exception {
        transactions.inTransactionThrows(transaction -> {
            DocumentTable.upsert(transaction.connection(), entry);
            outbox.schedule(Second.class).write(entry.id());
        });
    }

    @Override
    public @Nullable Entry find(long id) {
        throw new UnsupportedOperationException("Only its writes are measured");
    }

    @Override
    public void close() {
        pool.close();
    }

    /** The second store, which reads the record's present state when its turn comes. */
    public static class Second {

        public void write(long id) {}
    }
}
