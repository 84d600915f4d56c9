package dev.switchover.dualwrite.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.switchover.json.JsonSettings;
import dev.switchover.json.recovery.CollidingEdits;
import dev.switchover.postgres.SchemaMode;
import dev.switchover.storage.ConfigurationException;
import dev.switchover.storage.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SwitchoverSettingsTest {

    @Test
    void withoutVariablesTheDefaultsHold() {
        assertThat(SwitchoverSettings.of(Map.of("PATH", "/bin", "SWITCHOVER_FORCE", "")))
                .isEqualTo(SwitchoverSettings.DEFAULTS);
    }

    @Test
    void everyVariableIsRead() {
        SwitchoverSettings settings = SwitchoverSettings.of(Map.ofEntries(
                Map.entry("SWITCHOVER_MIRROR_MODE", "ASYNC"),
                Map.entry("SWITCHOVER_MIRROR_TIMEOUT", "500ms"),
                Map.entry("SWITCHOVER_CONNECTION_TIMEOUT", "PT1.5S"),
                Map.entry("SWITCHOVER_CLOSE_TIMEOUT", "1m"),
                Map.entry("SWITCHOVER_SWITCH_TIMEOUT", "45 s"),
                Map.entry("SWITCHOVER_START_STALE", "yes"),
                Map.entry("SWITCHOVER_STALE_READS", "off"),
                Map.entry("SWITCHOVER_FORCE", "1007"),
                Map.entry("SWITCHOVER_TAKE_OVER", "1"),
                Map.entry("SWITCHOVER_SCHEMA", "validate"),
                Map.entry("SWITCHOVER_ADOPT", "database")));

        assertThat(settings.mirrorMode()).isEqualTo(MirrorMode.ASYNC);
        assertThat(settings.mirrorTimeout()).isEqualTo(Duration.ofMillis(500));
        assertThat(settings.connectionTimeout()).isEqualTo(Duration.ofMillis(1500));
        assertThat(settings.closeTimeout()).isEqualTo(Duration.ofMinutes(1));
        assertThat(settings.switchTimeout()).isEqualTo(Duration.ofSeconds(45));
        assertThat(settings.startStale()).isTrue();
        assertThat(settings.staleReads()).isFalse();
        assertThat(settings.force()).isEqualTo(OptionalLong.of(1007));
        assertThat(settings.takeOver()).isTrue();
        assertThat(settings.schema()).isEqualTo(SchemaMode.VALIDATE);
        assertThat(settings.adopt()).contains(Store.POSTGRESQL);
    }

    @ParameterizedTest
    @CsvSource({
        "SWITCHOVER_MIRROR_TIMEOUT, 2, is no duration",
        "SWITCHOVER_MIRROR_TIMEOUT, 0s, is no duration",
        "SWITCHOVER_MIRROR_TIMEOUT, -1s, is no duration",
        "SWITCHOVER_MIRROR_TIMEOUT, PT9999999999999H, is no duration",
        "SWITCHOVER_MIRROR_MODE, both, write async or sync",
        "SWITCHOVER_SCHEMA, auto, write apply or off or print or validate",
        "SWITCHOVER_ADOPT, postgres, write database or json",
        "SWITCHOVER_FORCE, true, is no epoch",
        "SWITCHOVER_FORCE, 0, is no epoch",
        "SWITCHOVER_START_STALE, perhaps, neither yes nor no",
        "SWITCHOVER_MIROR_MODE, sync, did you mean SWITCHOVER_MIRROR_MODE?",
    })
    void nonsenseIsRefusedByName(String variable, String value, String problem) {
        assertThatThrownBy(() -> SwitchoverSettings.of(Map.of(variable, value)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(variable)
                .hasMessageContaining(problem);
    }

    @Test
    void allProblemsAreToldAtOnce() {
        ConfigurationException refused = catchThrowableOfType(
                ConfigurationException.class,
                () -> SwitchoverSettings.of(
                        Map.of("SWITCHOVER_FORCE", "x", "SWITCHOVER_TAKE_OVER", "x", "SWITCHOVER_TAKEOVER", "true")));

        assertThat(refused.problems()).hasSize(3);
    }

    @Test
    void problemsOfSeveralStepsComeTogether() {
        Problems problems = new Problems();
        problems.gather(() -> SwitchoverSettings.of(Map.of("SWITCHOVER_FORCE", "x")));
        problems.gather(() -> SwitchoverSettings.of(Map.of("SWITCHOVER_SCHEMA", "x")));

        assertThatThrownBy(problems::throwIfAny).hasMessageStartingWith("2 problems");
    }

    @Test
    void whatIsSaidAboutTheJsonStoreGoesBeforeWhatTheBuilderWasGiven() {
        Path directory = Path.of("data");
        JsonSettings built = JsonSettings.of(directory)
                .withMaximumStaleness(Duration.ofMinutes(5))
                .withJournalLimit(1 << 20);
        JsonSettings settings = SwitchoverSettings.of(Map.of(
                        "SWITCHOVER_CHECKPOINT_DELAY", "200ms",
                        "SWITCHOVER_JOURNAL_LIMIT", "16 MiB",
                        "SWITCHOVER_DISK_TIMEOUT", "4s",
                        "SWITCHOVER_COLLIDING_EDITS", "file",
                        "SWITCHOVER_TRUST_FILE_SYSTEM", "yes"))
                .json()
                .applyTo(directory, built);
        assertThat(settings)
                .isEqualTo(new JsonSettings(
                        directory,
                        Duration.ofMillis(200),
                        Duration.ofMinutes(5),
                        16 << 20,
                        Duration.ofSeconds(4),
                        CollidingEdits.FILE,
                        true));
    }

    @Test
    void whatDoesNotGoTogetherIsToldByTheNamesOfTheVariables() {
        JsonVariables json = SwitchoverSettings.of(Map.of("SWITCHOVER_CHECKPOINT_DELAY", "1m"))
                .json();
        assertThatThrownBy(() -> json.applyTo(Path.of("data"), JsonSettings.of(Path.of("data"))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("SWITCHOVER_CHECKPOINT_DELAY")
                .hasMessageContaining("SWITCHOVER_MAXIMUM_STALENESS");
        assertThatThrownBy(() -> SwitchoverSettings.of(Map.of("SWITCHOVER_JOURNAL_LIMIT", "much")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("SWITCHOVER_JOURNAL_LIMIT");
    }
}
