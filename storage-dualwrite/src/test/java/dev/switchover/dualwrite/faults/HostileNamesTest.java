package dev.switchover.dualwrite.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.dualwrite.BothStores;
import dev.switchover.dualwrite.ServiceUnderTest;
import dev.switchover.dualwrite.Switchover;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.ConfigurationException;
import dev.switchover.storage.Filter;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Query;
import dev.switchover.storage.Repository;
import dev.switchover.storage.TableLayout;
import dev.switchover.storage.contract.Hostile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids, values and names are never SQL and never paths, whatever is in them. */
class HostileNamesTest {

    private static final String LONG_TABLE = "\"'; DROP TABLE victim; --" + "ß".repeat(19);

    private static final List<String> IDS = List.of(
            "'; DROP TABLE victim; --",
            "\"; DROP TABLE victim; --",
            "../../../../planted",
            "..",
            "/etc/passwd",
            "C:\\planted",
            "a/b",
            "? :id $1 {0} %s",
            "${jndi:ldap://x}",
            "\\",
            "\u202Etxt.exe",
            "e\u0301",
            "\u00e9",
            "\uD83D\uDE00",
            " ",
            "x".repeat(512));

    @TempDir
    Path directory;

    static List<TableLayout> layouts() {
        return List.of(
                TableLayout.document().table(LONG_TABLE),
                TableLayout.columns().table(LONG_TABLE).index(Hostile.QUOTES).index(Hostile.APOSTROPHES));
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void idsPropertiesAndTablesAreOnlyEverData(TableLayout layout) throws Exception {
        CollectionDefinition<Hostile, String> hostiles = CollectionDefinition.of(
                        "hostiles", Hostile.class, String.class)
                .table(layout)
                .build();
        try (TestDatabase database = TestDatabase.create()) {
            execute(database, "CREATE TABLE victim (id int)");
            Map<String, String> environment = new HashMap<>(ServiceUnderTest.flags(Phase.DB_PRIMARY));
            environment.put("DATABASE_URL", database.url());
            try (SwitchoverStorage storage = Switchover.builder()
                    .directory(directory)
                    .environment(environment)
                    .collection(hostiles)
                    .open()) {
                Repository<Hostile, String> repository = storage.repository(hostiles);
                for (String id : IDS) {
                    repository.create(new Hostile(id, id, id, id));
                    assertThat(repository.findById(id)).contains(new Hostile(id, id, id, id));
                }
                for (String property : List.of(Hostile.QUOTES, Hostile.APOSTROPHES, Hostile.DOLLARS)) {
                    for (String id : IDS) {
                        assertThat(repository.list(Query.all().where(Filter.equal(property, id))))
                                .extracting(Hostile::id)
                                .containsExactly(id);
                    }
                    assertThat(repository.list(Query.all().where(Filter.prefix(property, "'; DROP"))))
                            .hasSize(1);
                }
                assertThat(repository.update(IDS.get(0), was -> new Hostile(was.id(), "changed", "", "")))
                        .isPresent();
                assertThat(repository.delete(IDS.get(1))).isTrue();
                assertThat(storage.awaitInSync(Duration.ofSeconds(30))).isTrue();
            }
            assertThat(tables(database)).contains("victim", LONG_TABLE);
            BothStores.assertEqual(directory, database.url(), List.of(hostiles));
        }
        assertThat(files()).allMatch(name -> name.equals("hostiles.json") || name.startsWith(".switchover"));
        assertThat(directory.getParent().resolve("planted")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "../expenses",
                "a/b",
                "a b",
                "A",
                "a\"; DROP TABLE x; --",
                "a'",
                "1a",
                "é",
                "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddx"
            })
    void aCollectionThatIsNoPlainWordIsRefused(String name) {
        assertThatThrownBy(() -> CollectionDefinition.of(name, Hostile.class, String.class)
                        .build())
                .isInstanceOf(ConfigurationException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "../x.json", "a/b.json", "a\\b.json", ".hidden", ".switchover", "x\0.json"})
    void aFileThatIsNotInTheDirectoryIsRefused(String file) {
        assertThatThrownBy(() -> CollectionDefinition.of("hostiles", Hostile.class, String.class)
                        .json(JsonLayout.array().file(file))
                        .build())
                .isInstanceOf(ConfigurationException.class);
    }

    @Test
    void aTableNameLongerThanPostgresqlTakesIsRefusedAndNotCut() {
        Map<String, String> environment = new HashMap<>(ServiceUnderTest.flags(Phase.JSON_ONLY));
        assertThatThrownBy(() -> Switchover.builder()
                        .directory(directory)
                        .environment(environment)
                        .collection(CollectionDefinition.of("hostiles", Hostile.class, String.class)
                                .table(TableLayout.document().table("ß".repeat(32)))
                                .build())
                        .open())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("63 bytes");
    }

    private Set<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> directory.relativize(file).toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static Set<String> tables(TestDatabase database) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")) {
            Set<String> tables = new TreeSet<>();
            while (row.next()) {
                tables.add(row.getString(1));
            }
            return tables;
        }
    }

    private static void execute(TestDatabase database, String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
