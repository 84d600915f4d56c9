package dev.switchover.examples.benchmarks.peers;

import com.zaxxer.hikari.HikariDataSource;
import dev.switchover.examples.benchmarks.stage.Database;
import dev.switchover.examples.benchmarks.stage.Entry;
import dev.switchover.examples.benchmarks.stage.EntryStore;
import dev.switchover.examples.benchmarks.stage.Mapper;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.sql.SQLException;
import java.util.List;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.AvailableSettings;
import org.hibernate.cfg.Configuration;
import org.jspecify.annotations.Nullable;

/** The other thing many services write instead: {@code merge} of a detached entity, a transaction each. */
public final class Hibernate implements EntryStore {

    public static final String NAME = "Hibernate";

    private final HikariDataSource pool;
    private final SessionFactory sessions;

    private Hibernate(HikariDataSource pool, SessionFactory sessions) {
        this.pool = pool;
        this.sessions = sessions;
    }

    public static Hibernate open(Database database) throws SQLException {
        HikariDataSource pool = DocumentTable.poolForMapper(database);
        Configuration configuration = new Configuration().addAnnotatedClass(Row.class);
        configuration.getProperties().put(AvailableSettings.JAKARTA_NON_JTA_DATASOURCE, pool);
        return new Hibernate(pool, configuration.buildSessionFactory());
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
        Row row = new Row();
        row.id = entry.id();
        row.body = Mapper.JSON.writeValueAsString(entry);
        sessions.inTransaction(session -> session.merge(row));
    }

    @Override
    public @Nullable Entry find(long id) throws Exception {
        Row row = sessions.fromSession(session -> session.find(Row.class, id));
        return row == null || row.body == null ? null : Mapper.JSON.readValue(row.body, Entry.class);
    }

    @Override
    public void close() {
        sessions.close();
        pool.close();
    }

    @Entity
    @Table(name = "entries")
    static class Row {

        @Id
        private long id;

        @Column(name = "body")
        private @Nullable String body;
    }
}
