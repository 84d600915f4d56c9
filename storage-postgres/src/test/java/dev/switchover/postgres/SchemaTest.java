package dev.switchover.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.ConfigurationException;
import dev.switchover.storage.Query;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.TableLayout;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Position;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class SchemaTest {

    private final CollectionSchema<Fixture.Item, Long> items =
            Fixture.items("items", TableLayout.columns().index("day"));
    private TestDatabase database;

    @BeforeEach
    void create() {
        database = TestDatabase.create();
    }

    @AfterEach
    void drop() {
        database.close();
    }

    private PostgresSettings settings(SchemaMode mode) {
        return PostgresSettings.of(DatabaseUrl.parse(database.url()))
                .schemaMode(mode)
                .poolSize(2);
    }

    /** As tools make it that pack everything into one jar. */
    @Test
    void the_own_tables_are_created_from_a_jar_without_entries_for_its_folders() throws Exception {
        Path classes = Path.of(OwnTables.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Path jar = Files.createTempFile("switchover", ".jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(
                        new ZipEntry(classes.relativize(file).toString().replace('\\', '/')));
                Files.copy(file, out);
            }
        }
        // Surefire's own path is a jar whose manifest names the folders.
        URL[] path = Stream.concat(
                        Stream.of(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                                        .split(File.pathSeparator))
                                .map(Path::of)
                                .filter(entry -> !entry.equals(classes))
                                .map(Path::toUri),
                        Stream.of(jar.toUri()))
                .map(SchemaTest::url)
                .toArray(URL[]::new);
        try (URLClassLoader files = new URLClassLoader(path, ClassLoader.getPlatformClassLoader())) {
            Method migrate = new AppClassLoader(files)
                    .loadClass(FlywayMigration.class.getName())
                    .getDeclaredMethod("migrate", DataSource.class, String.class);
            migrate.setAccessible(true);
            migrate.invoke(null, database.dataSource(), null);
        } finally {
            Files.delete(jar);
        }
        try (Connection connection = database.connect()) {
            assertThat(OwnTables.problems(connection, new Names(null))).isEmpty();
        }
    }

    /** As the one a program starts with, this is no {@link URLClassLoader}, whose jars Flyway would look through one by one. */
    private static final class AppClassLoader extends ClassLoader {
        private final URLClassLoader files;

        AppClassLoader(URLClassLoader files) {
            super(ClassLoader.getPlatformClassLoader());
            this.files = files;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            try (InputStream in = files.getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] code = in.readAllBytes();
                return defineClass(name, code, 0, code.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }

        @Override
        protected URL findResource(String name) {
            return files.findResource(name);
        }

        @Override
        protected Enumeration<URL> findResources(String name) throws IOException {
            return files.findResources(name);
        }
    }

    private static URL url(URI uri) {
        try {
            return uri.toURL();
        } catch (MalformedURLException e) {
            throw new UncheckedIOException(e);
        }
    }

    private PostgresStore open(SchemaMode mode) {
        return PostgresStore.open(settings(mode), List.of(items));
    }

    private void prepare(SchemaMode mode) {
        try (PostgresStore store = open(mode)) {
            store.prepare();
        }
    }

    private void sql(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String ask(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : "";
        }
    }

    @Test
    void applying_twice_changes_nothing_the_second_time() throws SQLException {
        prepare(SchemaMode.APPLY);
        String before = ask("SELECT string_agg(relname || relfilenode, ',' ORDER BY oid) FROM pg_class");
        prepare(SchemaMode.APPLY);

        assertThat(ask("SELECT string_agg(relname || relfilenode, ',' ORDER BY oid) FROM pg_class"))
                .isEqualTo(before);
        prepare(SchemaMode.VALIDATE);
    }

    @RepeatedTest(5)
    void several_instances_may_apply_at_once() throws Exception {
        ExecutorService instances = Executors.newFixedThreadPool(5);
        try {
            List<Future<?>> starts = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                starts.add(instances.submit(() -> prepare(SchemaMode.APPLY)));
            }
            for (Future<?> start : starts) {
                start.get();
            }
        } finally {
            instances.shutdownNow();
        }
        prepare(SchemaMode.VALIDATE);
    }

    @Test
    void validating_refuses_what_is_missing_and_shows_sql_that_mends_it() throws SQLException {
        StartRefusedException refusal =
                catchThrowableOfType(StartRefusedException.class, () -> prepare(SchemaMode.VALIDATE));
        assertThat(refusal.code()).isEqualTo("SCHEMA-MISSING");
        assertThat(refusal.facts()).contains("table \"switchover_ledger\" is missing");
        assertThat(ask("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
                .isEqualTo("0");

        sql(PostgresStore.schemaSql(settings(SchemaMode.VALIDATE), List.of(items)));
        prepare(SchemaMode.VALIDATE);
        prepare(SchemaMode.PRINT);
        prepare(SchemaMode.OFF);
    }

    @Test
    void a_schema_of_its_own_is_used_for_everything() throws SQLException {
        try (PostgresStore store = PostgresStore.open(settings(SchemaMode.APPLY).schema("apart"), List.of(items))) {
            store.prepare();
            store.ledger().compareAndSet(items, null, LedgerEntry.first(UUID.randomUUID(), Position.NONE), "test");
            store.serve(items, 1);
            store.write(List.of(Fixture.insert(items, "a"), Fixture.put(items, 7, "b")));
            assertThat(store.count(items, Query.all())).isEqualTo(2);
        }
        assertThat(ask("SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname ="
                        + " 'public'"))
                .isEqualTo("0");
    }

    @Test
    void a_property_added_to_the_class_becomes_a_nullable_column() throws SQLException {
        prepare(SchemaMode.APPLY);
        sql("ALTER TABLE items DROP COLUMN amount");

        assertThatThrownBy(() -> prepare(SchemaMode.VALIDATE))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("ADD COLUMN IF NOT EXISTS \"amount\" numeric");
        prepare(SchemaMode.APPLY);
        prepare(SchemaMode.VALIDATE);
    }

    private record Less(Long id, String name) {}

    @Test
    void a_property_removed_from_the_class_leaves_its_column_and_what_is_in_it() throws SQLException {
        prepare(SchemaMode.APPLY);
        sql("INSERT INTO items (id, name, amount) VALUES (7, 'a', 1.10)");
        CollectionSchema<Less, Long> less = CollectionSchema.of(CollectionDefinition.of("items", Less.class, Long.class)
                .table(TableLayout.columns())
                .build());
        try (PostgresStore store = PostgresStore.open(settings(SchemaMode.APPLY), List.of(less))) {
            store.prepare();
            store.ledger().compareAndSet(less, null, LedgerEntry.first(UUID.randomUUID(), Position.NONE), "test");
            store.serve(less, 1);
            store.write(List.of(new dev.switchover.storage.spi.Write.Put(
                    less,
                    new dev.switchover.storage.schema.RecordId("7"),
                    Fixture.bytes("{\"id\":7,\"name\":\"b\"}"),
                    dev.switchover.storage.spi.Expected.ANY)));
        }
        assertThat(ask("SELECT name || amount FROM items")).isEqualTo("b1.10");
        prepare(SchemaMode.VALIDATE);
    }

    @Test
    void a_table_that_does_not_fit_is_refused_with_everything_that_is_wrong() throws SQLException {
        sql(
                "CREATE TABLE items (id integer PRIMARY KEY, name text, amount double precision, day text, owner int NOT NULL)");

        StartRefusedException refusal =
                catchThrowableOfType(StartRefusedException.class, () -> prepare(SchemaMode.APPLY));

        assertThat(refusal.code()).isEqualTo("SCHEMA-MISMATCH");
        assertThat(refusal.facts())
                .contains(
                        "table \"items\", column \"id\": expected bigint, found integer; ALTER TABLE \"items\" ALTER COLUMN"
                                + " \"id\" TYPE bigint",
                        "table \"items\", column \"amount\": expected numeric, found double precision",
                        "table \"items\", column \"day\": expected date, found text")
                .anyMatch(fact -> fact.contains("\"owner\": NOT NULL"));
        assertThat(ask("SELECT count(*) FROM information_schema.columns WHERE table_name = 'items'"))
                .isEqualTo("5");
    }

    @Test
    void a_table_that_fits_is_adopted_with_its_rows() throws SQLException {
        sql("CREATE TABLE items (id bigint PRIMARY KEY, name text, amount numeric, more text);"
                + " INSERT INTO items VALUES (3, 'c', 1), (1, 'a', 2)");
        try (PostgresStore store = open(SchemaMode.APPLY)) {
            store.prepare();
            assertThat(store.list(items, Query.all()))
                    .extracting(record -> record.id().text())
                    .containsExactly("3", "1");
            store.ledger().compareAndSet(items, null, LedgerEntry.first(UUID.randomUUID(), Position.NONE), "test");
            store.serve(items, 1);
            var made = store.write(List.of(Fixture.insert(items, "d"))).get(0);
            assertThat(made.id().text()).isEqualTo("4");
            assertThat(store.list(items, Query.all()))
                    .extracting(record -> record.version())
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void the_session_s_time_zone_and_the_database_s_collation_change_nothing() throws SQLException {
        sql("ALTER DATABASE " + database.name() + " SET timezone = 'Asia/Kathmandu'");
        try (PostgresStore store = open(SchemaMode.APPLY)) {
            store.prepare();
            store.ledger().compareAndSet(items, null, LedgerEntry.first(UUID.randomUUID(), Position.NONE), "test");
            store.serve(items, 1);
            byte[] body = Fixture.bytes("{\"id\":1,\"name\":null,\"amount\":1.10,\"paid\":true,\"day\":\"2024-02-29\","
                    + "\"at\":\"2024-02-29T23:59:59.999999Z\",\"rate\":0.1,\"tags\":[\"a\"],\"x\":{\"y\":1e2}}");
            store.write(List.of(new dev.switchover.storage.spi.Write.Put(
                    items,
                    new dev.switchover.storage.schema.RecordId("1"),
                    body,
                    dev.switchover.storage.spi.Expected.ANY)));
            assertThat(Fixture.text(store.list(items, Query.all()).get(0))).isEqualTo(Fixture.text(body));
        }
    }

    @Test
    void opening_needs_no_database_and_preparing_says_what_is_wrong() {
        PostgresSettings nowhere = PostgresSettings.of(DatabaseUrl.parse("postgresql://a:b@127.0.0.1:1/app"))
                .connectionTimeout(Duration.ofMillis(300));
        try (PostgresStore store = PostgresStore.open(nowhere, List.of(items))) {
            assertThatThrownBy(store::prepare)
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("connection refused");
            assertThat(store.featureFlags().read()).isInstanceOf(FeatureFlagTable.Unreadable.class);
        }
    }

    @Test
    void settings_report_all_their_problems() {
        assertThatThrownBy(() -> PostgresStore.open(
                        settings(SchemaMode.OFF).schema("no;good").poolSize(0).statementTimeout(Duration.ofSeconds(9)),
                        List.of()))
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        refusal -> assertThat(refusal.problems()).hasSize(3));
    }

    @Test
    void a_host_s_data_source_serves_as_well() {
        PostgresSettings given = PostgresSettings.of(database.dataSource());
        try (PostgresStore store = PostgresStore.open(given, List.of(items))) {
            store.prepare();
            store.ledger().compareAndSet(items, null, LedgerEntry.first(UUID.randomUUID(), Position.NONE), "test");
            store.serve(items, 1);
            assertThat(store.write(List.of(Fixture.insert(items, "a"), Fixture.put(items, 7, "b"))))
                    .hasSize(2);
        }
    }

    @Test
    void flags_are_read_where_there_is_a_table() throws SQLException {
        try (PostgresStore store = open(SchemaMode.APPLY)) {
            assertThat(store.featureFlags().read()).isEqualTo(new FeatureFlagTable.Flags(Map.of(), Set.of()));
            store.prepare();
            assertThat(store.featureFlags().read()).isEqualTo(new FeatureFlagTable.Flags(Map.of(), Set.of()));
            sql("INSERT INTO feature_flags VALUES ('DUAL_WRITE_ENABLED', true, NULL, ''), ('X', false, NULL, ''),"
                    + " ('X', true, 'ann', '')");
            assertThat(store.featureFlags().read())
                    .isEqualTo(new FeatureFlagTable.Flags(Map.of("DUAL_WRITE_ENABLED", true, "X", false), Set.of()));
            sql("INSERT INTO feature_flags VALUES ('X', true, NULL, '')");
            assertThat(store.featureFlags().read())
                    .isEqualTo(new FeatureFlagTable.Flags(Map.of("DUAL_WRITE_ENABLED", true), Set.of("X")));
            sql("ALTER TABLE feature_flags RENAME COLUMN enabled TO e");
            assertThat(store.featureFlags().read()).isInstanceOf(FeatureFlagTable.Unreadable.class);
        }
    }
}
