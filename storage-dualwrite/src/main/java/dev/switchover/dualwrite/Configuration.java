package dev.switchover.dualwrite;

import dev.switchover.dualwrite.backup.BackupSettings;
import dev.switchover.dualwrite.flags.DatabaseVariables;
import dev.switchover.dualwrite.flags.FlagTable;
import dev.switchover.dualwrite.flags.Flags;
import dev.switchover.dualwrite.flags.Problems;
import dev.switchover.dualwrite.flags.Spelling;
import dev.switchover.dualwrite.flags.SwitchoverSettings;
import dev.switchover.dualwrite.reconcile.Progress;
import dev.switchover.json.JsonSettings;
import dev.switchover.postgres.DatabaseUrl;
import dev.switchover.postgres.PostgresSettings;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.ConfigurationException;
import dev.switchover.storage.Phase;
import dev.switchover.storage.schema.CollectionSchema;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What a start was told, checked as far as it can be without looking at a store.
 *
 * @param postgres empty if no database is configured
 * @param hostFlags variables that resemble flags which are set too, so that they are the host's
 * @param saving backups and exports
 * @param calls is told of every call, or null
 */
record Configuration(
        Path directory,
        Map<String, String> environment,
        SwitchoverSettings settings,
        JsonSettings json,
        Saving saving,
        Optional<PostgresSettings> postgres,
        List<CollectionSchema<?, ?>> schemas,
        List<Spelling.Resemblance> hostFlags,
        Clock clock,
        Progress progress,
        @Nullable CallListener calls) {

    /** Stands for the directory of a storage that has none; it is never made. */
    static final Path NO_DIRECTORY = Path.of(".switchover-without-a-directory");

    BackupSettings backups() {
        return saving.backups();
    }

    boolean hasDirectory() {
        return !directory.equals(NO_DIRECTORY);
    }

    /** What the builder was given. */
    record Given(
            Path directory,
            Map<String, String> environment,
            @Nullable DataSource dataSource,
            UnaryOperator<JsonSettings> json,
            Saving saving,
            List<CollectionDefinition<?, ?>> definitions,
            Clock clock,
            CopyProgress progress,
            @Nullable CallListener calls) {}

    /** @throws ConfigurationException with every problem: of variables, flags, URL and definitions */
    static Configuration of(Given given) {
        Problems problems = new Problems();
        Map<String, String> environment = given.environment();
        Optional<SwitchoverSettings> settings = problems.gather(() -> SwitchoverSettings.of(environment));
        Optional<JsonSettings> json = problems.gather(() -> given.json().apply(JsonSettings.of(given.directory())))
                .flatMap(base -> settings.flatMap(
                        known -> problems.gather(() -> known.json().applyTo(given.directory(), base))));
        List<CollectionSchema<?, ?>> schemas = new ArrayList<>();
        for (CollectionDefinition<?, ?> definition : given.definitions()) {
            problems.gather(() -> CollectionSchema.of(definition)).ifPresent(schemas::add);
        }
        Optional<PostgresSettings> postgres = postgres(given, problems)
                .map(base -> settings.map(known -> apply(base, known)).orElse(base));
        List<String> names =
                given.definitions().stream().map(CollectionDefinition::name).toList();
        // The table's values come later; this finds what is wrong with the environment before anything is opened.
        FlagTable unread = postgresIsNamed(given) ? new FlagTable.Read(Map.of()) : new FlagTable.NotConfigured();
        problems.gather(() -> Flags.resolve(environment, unread, names, name -> Optional.empty()));
        List<Spelling.Resemblance> hostFlags = new ArrayList<>();
        for (Spelling.Resemblance other : Spelling.resembling(environment, names)) {
            if (environment.containsKey(other.flag())) {
                hostFlags.add(other);
            } else {
                problems.add(other.name() + " is no flag; did you mean " + other.flag()
                        + "? If it is one of your own, set " + other.flag() + " too, to say what it is to be");
            }
        }
        problems.throwIfAny();
        return new Configuration(
                given.directory(),
                environment,
                settings.orElseThrow(),
                json.orElseThrow(),
                given.saving().with(settings.orElseThrow()),
                postgres,
                schemas,
                hostFlags,
                given.clock(),
                told(given.progress()),
                given.calls());
    }

    /** For a rehearsal: other files, other tables, other variables; nobody is told anything. */
    Configuration onStage(
            Path otherDirectory,
            PostgresSettings otherPostgres,
            List<CollectionSchema<?, ?>> otherSchemas,
            Map<String, String> otherEnvironment) {
        SwitchoverSettings otherSettings = SwitchoverSettings.of(otherEnvironment);
        JsonSettings otherJson = new JsonSettings(
                otherDirectory,
                json.checkpointDelay(),
                json.maximumStaleness(),
                json.journalLimit(),
                json.deadline(),
                json.collidingEdits(),
                json.trustFileSystem());
        return new Configuration(
                otherDirectory,
                otherEnvironment,
                otherSettings,
                otherJson,
                Saving.in(otherDirectory.resolveSibling("backups")),
                Optional.of(apply(otherPostgres, otherSettings)),
                otherSchemas,
                List.of(),
                clock,
                Progress.NONE,
                null);
    }

    /** With both flags set to this phase, for all collections. */
    Configuration in(Phase phase) {
        Map<String, String> flags = new HashMap<>(environment);
        flags.put("FF_USE_DATABASE_STORAGE", String.valueOf(phase.databasePhase()));
        flags.put("FF_DUAL_WRITE_ENABLED", String.valueOf(phase.mirrored()));
        return new Configuration(
                directory,
                Map.copyOf(flags),
                settings,
                json,
                saving,
                postgres,
                schemas,
                hostFlags,
                clock,
                progress,
                calls);
    }

    private static Progress told(CopyProgress listener) {
        return step -> listener.at(
                new CopyProgress.Step(step.collection(), step.done(), step.total(), step.perSecond(), step.finished()));
    }

    List<String> names() {
        return schemas.stream().map(CollectionSchema::name).toList();
    }

    private static Optional<PostgresSettings> postgres(Given given, Problems problems) {
        DataSource dataSource = given.dataSource();
        if (dataSource != null) {
            return Optional.of(PostgresSettings.of(dataSource));
        }
        return problems.gather(() -> DatabaseVariables.url(given.environment(), UrlFile::read))
                .flatMap(url -> url)
                .flatMap(url -> problems.gather(() -> DatabaseUrl.parse(url)))
                .map(PostgresSettings::of);
    }

    private static boolean postgresIsNamed(Given given) {
        return given.dataSource() != null || DatabaseVariables.configured(given.environment());
    }

    private static PostgresSettings apply(PostgresSettings base, SwitchoverSettings settings) {
        return base.connectionTimeout(settings.connectionTimeout()).schemaMode(settings.schema());
    }
}
