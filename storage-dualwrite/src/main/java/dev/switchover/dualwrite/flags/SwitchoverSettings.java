package dev.switchover.dualwrite.flags;

import dev.switchover.postgres.SchemaMode;
import dev.switchover.storage.ConfigurationException;
import dev.switchover.storage.Store;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The {@code SWITCHOVER_} variables. Durations are written {@code 2s}, {@code 500ms}, {@code 1m} or as ISO-8601,
 * {@code PT2S}; yes and no as in the flags.
 *
 * @param mirrorMode {@code SWITCHOVER_MIRROR_MODE}, {@code sync} or {@code async}; sync
 * @param mirrorTimeout {@code SWITCHOVER_MIRROR_TIMEOUT}: how long a write waits for the mirror; 2 s
 * @param connectionTimeout {@code SWITCHOVER_CONNECTION_TIMEOUT}: how long one waits for a database connection; 3 s
 * @param closeTimeout {@code SWITCHOVER_CLOSE_TIMEOUT}: how long closing, or handing the directory over,
 *     waits for what is on its way; 10 s
 * @param switchTimeout {@code SWITCHOVER_SWITCH_TIMEOUT}: each wait of a switchover; 30 s
 * @param startStale {@code SWITCHOVER_START_STALE}: whether a database phase may start on stale reads; no
 * @param staleReads {@code SWITCHOVER_STALE_READS}: whether reads are answered from JSON while the database is down; yes
 * @param force {@code SWITCHOVER_FORCE}: the epoch a refusal printed; works once
 * @param takeOver {@code SWITCHOVER_TAKE_OVER}: whether the holder of a locked directory is asked for it; no
 * @param schema {@code SWITCHOVER_SCHEMA}, {@code apply}, {@code validate}, {@code print} or {@code off}; apply
 * @param json what is set about the JSON store
 * @param backup what is set about backups
 * @param schedule what runs by itself
 * @param shadowPercent {@code FF_SHADOW_READ_PERCENT}, 0 to 100: the share of reads that are compared with the mirror; 0
 * @param adopt {@code SWITCHOVER_ADOPT}, {@code json} or {@code database}: which store is right where the guard cannot know
 */
public record SwitchoverSettings(
        MirrorMode mirrorMode,
        Duration mirrorTimeout,
        Duration connectionTimeout,
        Duration closeTimeout,
        Duration switchTimeout,
        boolean startStale,
        boolean staleReads,
        OptionalLong force,
        boolean takeOver,
        SchemaMode schema,
        JsonVariables json,
        BackupVariables backup,
        ScheduleVariables schedule,
        int shadowPercent,
        Optional<Store> adopt) {

    /** What holds when no variable is set. */
    public static final SwitchoverSettings DEFAULTS = new SwitchoverSettings(
            MirrorMode.SYNC,
            Duration.ofSeconds(2),
            Duration.ofSeconds(3),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            false,
            true,
            OptionalLong.empty(),
            false,
            SchemaMode.APPLY,
            JsonVariables.NONE,
            BackupVariables.NONE,
            ScheduleVariables.NONE,
            0,
            Optional.empty());

    /** @throws ConfigurationException with every problem at once, also variables that begin with our prefix and are unknown */
    public static SwitchoverSettings of(Map<String, String> environment) {
        SettingsReader read = new SettingsReader(environment);
        Map<String, Store> stores = Map.of("json", Store.JSON, "database", Store.POSTGRESQL);
        SwitchoverSettings settings = new SwitchoverSettings(
                read.choice("MIRROR_MODE", MirrorMode.values(), DEFAULTS.mirrorMode),
                read.duration("MIRROR_TIMEOUT", DEFAULTS.mirrorTimeout),
                read.duration("CONNECTION_TIMEOUT", DEFAULTS.connectionTimeout),
                read.duration("CLOSE_TIMEOUT", DEFAULTS.closeTimeout),
                read.duration("SWITCH_TIMEOUT", DEFAULTS.switchTimeout),
                read.yesOrNo("START_STALE", DEFAULTS.startStale),
                read.yesOrNo("STALE_READS", DEFAULTS.staleReads),
                read.epoch("FORCE"),
                read.yesOrNo("TAKE_OVER", DEFAULTS.takeOver),
                read.choice("SCHEMA", SchemaMode.values(), DEFAULTS.schema),
                JsonVariables.read(read),
                BackupVariables.read(read),
                ScheduleVariables.read(read),
                read.percent("FF_SHADOW_READ_PERCENT"),
                read.oneOf("ADOPT", stores));
        read.finish();
        return settings;
    }
}
