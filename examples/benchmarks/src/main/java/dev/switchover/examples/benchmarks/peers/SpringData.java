package dev.switchover.examples.benchmarks.peers;

import com.zaxxer.hikari.HikariDataSource;
import dev.switchover.examples.benchmarks.stage.Database;
import dev.switchover.examples.benchmarks.stage.Entry;
import dev.switchover.examples.benchmarks.stage.EntryStore;
import dev.switchover.examples.benchmarks.stage.Mapper;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.annotation.Id;
import org.springframework.data.jdbc.repository.config.AbstractJdbcConfiguration;
import org.springframework.data.jdbc.repository.config.EnableJdbcRepositories;
import org.springframework.data.relational.core.mapping.Table;
import org.springframework.data.repository.CrudRepository;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionManager;

/** What many services write instead: a repository of Spring Data JDBC, with the record's JSON in a column. */
public final class SpringData implements EntryStore {

    public static final String NAME = "Spring Data JDBC";

    private final HikariDataSource pool;
    private final AnnotationConfigApplicationContext context;
    private final Rows rows;

    private SpringData(HikariDataSource pool, AnnotationConfigApplicationContext context) {
        this.pool = pool;
        this.context = context;
        this.rows = context.getBean(Rows.class);
    }

    public static SpringData open(Database database) throws SQLException {
        HikariDataSource pool = DocumentTable.poolForMapper(database);
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.registerBean(DataSource.class, () -> pool);
        context.register(Settings.class);
        context.refresh();
        return new SpringData(pool, context);
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
        rows.save(new Row(entry.id(), Mapper.JSON.writeValueAsString(entry)));
    }

    @Override
    public @Nullable Entry find(long id) throws Exception {
        Row row = rows.findById(id).orElse(null);
        return row == null ? null : Mapper.JSON.readValue(row.body(), Entry.class);
    }

    @Override
    public void close() {
        context.close();
        pool.close();
    }

    /** A row with an id is taken for one that exists: it is updated. */
    @Table("entries")
    public record Row(@Id Long id, String body) {}

    /** Saved in a transaction each, as it is by default. */
    public interface Rows extends CrudRepository<Row, Long> {}

    @Configuration
    @EnableJdbcRepositories(considerNestedRepositories = true)
    static class Settings extends AbstractJdbcConfiguration {

        @Bean
        NamedParameterJdbcOperations operations(DataSource source) {
            return new NamedParameterJdbcTemplate(source);
        }

        @Bean
        TransactionManager transactionManager(DataSource source) {
            return new JdbcTransactionManager(source);
        }
    }
}
