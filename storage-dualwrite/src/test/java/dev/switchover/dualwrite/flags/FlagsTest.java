package dev.switchover.dualwrite.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.switchover.storage.ConfigurationException;
import dev.switchover.storage.Phase;
import dev.switchover.storage.StartRefusedException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlagsTest {

    private static final FlagTable NO_ROWS = new FlagTable.Read(Map.of());
    private static final FlagTable UNREADABLE = new FlagTable.Unreadable("connection refused");
    private static final Function<String, Optional<Phase>> NO_LEDGER = collection -> Optional.empty();

    @ParameterizedTest
    @CsvSource({"false, false, JSON_ONLY", "false, true, JSON_PRIMARY", "true, true, DB_PRIMARY", "true, false, DB_ONLY"
    })
    void twoFlagsChooseThePhase(String use, String dual, Phase phase) {
        assertThat(one(Map.of("FF_USE_DATABASE_STORAGE", use, "FF_DUAL_WRITE_ENABLED", dual), NO_ROWS)
                        .phase())
                .isEqualTo(phase);
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "1", "yes", "on", "TRUE", "Yes", " oN "})
    void everyWordForYesCountsInAnyCase(String word) {
        assertThat(one(Map.of("FF_DUAL_WRITE_ENABLED", word), NO_ROWS).phase()).isEqualTo(Phase.JSON_PRIMARY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "0", "no", "off", "FALSE", "", "  "})
    void everyWordForNoAndNothingAtAllMeanNo(String word) {
        assertThat(one(Map.of("FF_DUAL_WRITE_ENABLED", word), NO_ROWS).phase()).isEqualTo(Phase.JSON_ONLY);
    }

    /** Columns: environment global, environment scoped, table global, table scoped, what comes out and from where. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-, -, -, -, false, default",
                "-, -, true, -, true, feature_flags DUAL_WRITE_ENABLED",
                "-, -, true, false, false, feature_flags DUAL_WRITE_ENABLED_EXPENSES",
                "-, -, false, true, true, feature_flags DUAL_WRITE_ENABLED_EXPENSES",
                "true, -, false, false, true, environment FF_DUAL_WRITE_ENABLED",
                "false, -, true, true, false, environment FF_DUAL_WRITE_ENABLED",
                "-, true, false, false, true, environment FF_DUAL_WRITE_ENABLED_EXPENSES",
                "false, true, -, -, true, environment FF_DUAL_WRITE_ENABLED_EXPENSES",
                "true, false, true, true, false, environment FF_DUAL_WRITE_ENABLED_EXPENSES"
            })
    void sourceGoesBeforeScope(
            String global, String scoped, Boolean tableGlobal, Boolean tableScoped, boolean value, String source) {
        Map<String, String> environment = new HashMap<>();
        put(environment, "FF_DUAL_WRITE_ENABLED", global);
        put(environment, "FF_DUAL_WRITE_ENABLED_EXPENSES", scoped);
        Map<String, Boolean> rows = new HashMap<>();
        put(rows, "DUAL_WRITE_ENABLED", tableGlobal);
        put(rows, "DUAL_WRITE_ENABLED_EXPENSES", tableScoped);

        assertThat(one(environment, new FlagTable.Read(rows)).dualWrite()).isEqualTo(new FlagValue(value, source));
    }

    @Test
    void aSuffixMovesItsCollectionOnly() {
        Map<String, PhaseChoice> choices = Flags.resolve(
                database(Map.of("FF_DUAL_WRITE_ENABLED_EXPENSES", "on")),
                NO_ROWS,
                List.of("expenses", "incomes"),
                NO_LEDGER);

        assertThat(choices.get("expenses").phase()).isEqualTo(Phase.JSON_PRIMARY);
        assertThat(choices.get("incomes").phase()).isEqualTo(Phase.JSON_ONLY);
    }

    @Test
    void theOlderNameIsUnderstood() {
        PhaseChoice choice = one(Map.of("USE_DATABASE", "yes"), NO_ROWS);

        assertThat(choice.phase()).isEqualTo(Phase.DB_ONLY);
        assertThat(choice.useDatabase().source()).isEqualTo("environment USE_DATABASE");
    }

    @Test
    void aVariableOfTheHostsThatBeginsLikeTheOlderNameIsLeftAlone() {
        assertThat(one(Map.of("USE_DATABASE_POOL", "large"), NO_ROWS).phase()).isEqualTo(Phase.JSON_ONLY);
    }

    @Test
    void theOlderNameMayRepeatTheNewer() {
        assertThat(one(Map.of("USE_DATABASE", "1", "FF_USE_DATABASE_STORAGE", "true"), NO_ROWS)
                        .useDatabase()
                        .source())
                .isEqualTo("environment FF_USE_DATABASE_STORAGE");
    }

    @ParameterizedTest
    @CsvSource({
        "FF_DUAL_WRITE_ENABLED, ja, FF_DUAL_WRITE_ENABLED: \"ja\" is neither yes nor no",
        "FF_DUAL_WRITE_ENABLED_EXPENSES, 2, FF_DUAL_WRITE_ENABLED_EXPENSES: \"2\" is neither",
        "FF_DUAL_WRITE_ENABLED_EXPENCES, true, FF_DUAL_WRITE_ENABLED_EXPENCES: \"EXPENCES\" names no collection",
        "FF_USE_DATABASE_STORAGE_X, true, FF_USE_DATABASE_STORAGE_X: \"X\" names no collection",
        "USE_DATABASE_STORAGE, true, USE_DATABASE_STORAGE: \"STORAGE\" names no collection"
    })
    void nonsenseInTheEnvironmentStopsTheStart(String variable, String value, String problem) {
        assertThatThrownBy(() -> one(Map.of(variable, value), NO_ROWS))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void theMessageNamesTheAcceptedWords() {
        assertThatThrownBy(() -> one(Map.of("USE_DATABASE", "maybe"), NO_ROWS))
                .hasMessageContaining("true, 1, yes, on or false, 0, no, off");
    }

    @ParameterizedTest
    @CsvSource({
        "DUAL_WRITE_ENABLED_EXPENCES, names no collection",
        "FF_DUAL_WRITE_ENABLED, write it as DUAL_WRITE_ENABLED",
        "dual_write_enabled, write it as DUAL_WRITE_ENABLED",
    })
    void aRowThatWouldBeIgnoredInSilenceStopsTheStart(String name, String problem) {
        assertThatThrownBy(() -> one(Map.of(), new FlagTable.Read(Map.of(name, true))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("feature_flags " + name)
                .hasMessageContaining(problem);
    }

    @Test
    void flagsOfTheServiceItselfAreLeftAlone() {
        Map<String, String> environment = Map.of("FF_DARK_MODE", "perhaps", "DATABASE_POOL", "x");
        FlagTable table = new FlagTable.Read(Map.of("DARK_MODE", true));

        assertThat(one(environment, table).phase()).isEqualTo(Phase.JSON_ONLY);
    }

    @Test
    void rowsThatContradictEachOtherStopTheStart() {
        FlagTable table = new FlagTable.Read(Map.of(), Set.of("DUAL_WRITE_ENABLED", "DARK_MODE"));

        assertThatThrownBy(() -> one(Map.of(), table))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("feature_flags DUAL_WRITE_ENABLED: is there twice")
                .hasMessageNotContaining("DARK_MODE");
    }

    @Test
    void namesThatContradictEachOtherStopTheStart() {
        assertThatThrownBy(() -> one(Map.of("USE_DATABASE", "false", "FF_USE_DATABASE_STORAGE", "true"), NO_ROWS))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("FF_USE_DATABASE_STORAGE and USE_DATABASE contradict each other");
    }

    @ParameterizedTest
    @CsvSource({"FF_USE_DATABASE_STORAGE", "FF_DUAL_WRITE_ENABLED", "USE_DATABASE"})
    void onlyJsonOnlyDoesWithoutADatabase(String variable) {
        assertThatThrownBy(() -> Flags.resolve(
                        Map.of(variable, "true", "DATABASE_URL", " "),
                        new FlagTable.NotConfigured(),
                        List.of("expenses"),
                        NO_LEDGER))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("DATABASE_URL is not set")
                .hasMessageContaining(variable);
    }

    @Test
    void theFileWithTheUrlIsAsGoodAsTheUrl() {
        Map<String, String> environment = Map.of("FF_DUAL_WRITE_ENABLED", "true", "DATABASE_URL_FILE", "secret");

        assertThat(Flags.resolve(environment, NO_ROWS, List.of("expenses"), NO_LEDGER)
                        .get("expenses")
                        .phase())
                .isEqualTo(Phase.JSON_PRIMARY);
    }

    @Test
    void allProblemsAreToldAtOnce() {
        ConfigurationException refused = catchThrowableOfType(
                ConfigurationException.class,
                () -> Flags.resolve(
                        Map.of("FF_DUAL_WRITE_ENABLED", "ja", "FF_DUAL_WRITE_ENABLED_X", "1", "USE_DATABASE", "1"),
                        new FlagTable.NotConfigured(),
                        List.of("expenses"),
                        NO_LEDGER));

        assertThat(refused.problems()).hasSize(3);
    }

    @Test
    void anUnreadableTableMeansThePhaseOfTheLastStart() {
        PhaseChoice choice = Flags.resolve(
                        database(Map.of()), UNREADABLE, List.of("expenses"), c -> Optional.of(Phase.DB_PRIMARY))
                .get("expenses");

        assertThat(choice.phase()).isEqualTo(Phase.DB_PRIMARY);
        assertThat(choice.useDatabase().source()).isEqualTo("last start (ledger)");
    }

    @Test
    void theEnvironmentDecidesAlsoWhenTheTableIsUnreadable() {
        Map<String, String> environment = Map.of("FF_USE_DATABASE_STORAGE", "false", "FF_DUAL_WRITE_ENABLED", "true");

        assertThat(one(environment, UNREADABLE).phase()).isEqualTo(Phase.JSON_PRIMARY);
    }

    @Test
    void aFailedLookUpIsNotAnAbsentFlag() {
        StartRefusedException refused = catchThrowableOfType(
                StartRefusedException.class, () -> one(Map.of("FF_DUAL_WRITE_ENABLED", "true"), UNREADABLE));

        assertThat(refused.code()).isEqualTo("FLAGS-UNKNOWN");
        assertThat(refused).hasMessageContaining("connection refused").hasMessageContaining("FF_USE_DATABASE_STORAGE");
    }

    private static PhaseChoice one(Map<String, String> environment, FlagTable table) {
        return Flags.resolve(database(environment), table, List.of("expenses"), NO_LEDGER)
                .get("expenses");
    }

    private static Map<String, String> database(Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("DATABASE_URL", "postgresql://localhost/budget");
        return all;
    }

    private static <V> void put(Map<String, V> map, String name, V value) {
        if (value != null) {
            map.put(name, value);
        }
    }
}
