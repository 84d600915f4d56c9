package dev.switchover.dualwrite;

import dev.switchover.dualwrite.export.ExportSettings;
import dev.switchover.dualwrite.request.RequestProgress;
import dev.switchover.dualwrite.schedule.AfterWrites;
import dev.switchover.dualwrite.schedule.DatabaseJobs;
import dev.switchover.dualwrite.schedule.Schedule;
import dev.switchover.dualwrite.schedule.ScheduleRunner;
import dev.switchover.dualwrite.schedule.ScheduledJob;
import dev.switchover.json.directory.Holder;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.storage.Phase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a service does by itself, if the settings say so: on a schedule, and after each write. */
final class OwnWork {

    static final String EXPORT = "export";

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.schedule");

    private final Configuration configuration;
    private final ExportSettings settings;
    private final List<Route> routes;
    private final boolean directory;
    private final Exports exports;

    /** @param directory whether there is one to export into */
    OwnWork(Configuration configuration, List<Route> routes, boolean directory, Exports exports) {
        this.configuration = configuration;
        this.settings = configuration.saving().exports();
        this.routes = List.copyOf(routes);
        this.directory = directory;
        this.exports = exports;
    }

    /** A runner, not started yet; of nothing where nothing is to be done on a schedule. */
    ScheduleRunner schedule(PostgresStore database) {
        List<String> collections = scheduled();
        Optional<Schedule> schedule = settings.schedule();
        if (schedule.isPresent() && collections.isEmpty()) {
            LOG.warn(
                    "SWITCHOVER_EXPORT_SCHEDULE is set, but in these phases there is nothing to export: JSON leads, or follows as a"
                            + " mirror");
        }
        List<ScheduledJob> jobs = schedule.filter(known -> !collections.isEmpty())
                .map(known -> List.of(new ScheduledJob(
                        EXPORT, known, configuration.saving().zone(), lease -> export(collections, lease::require))))
                .orElse(List.of());
        String holder = Holder.hostName() + " " + ProcessHandle.current().pid() + " " + UUID.randomUUID();
        return new ScheduleRunner(
                jobs,
                new DatabaseJobs(database.jobs(), holder),
                configuration.clock(),
                configuration.settings().closeTimeout());
    }

    /** What is to be done after each write, not started yet. */
    List<FollowUps.FollowUp> followUps() {
        Optional<Duration> pause = settings.afterWrites();
        List<String> collections = settings.folder().isPresent() ? configuration.names() : unattended();
        if (pause.isEmpty()) {
            return List.of();
        }
        if (collections.isEmpty()) {
            LOG.info(
                    "No export follows the writes: in these phases the files are kept up to date anyway, or there are none");
            return List.of();
        }
        AfterWrites runs = new AfterWrites(
                "the export after writes",
                pause.get(),
                () -> export(collections, () -> {}),
                configuration.clock(),
                configuration.settings().closeTimeout());
        return List.of(new FollowUps.FollowUp("the export after writes", collections, runs, true));
    }

    private List<String> scheduled() {
        return settings.folder().isPresent()
                ? routes.stream()
                        .filter(route -> route.phase().databasePhase())
                        .map(route -> route.schema().name())
                        .toList()
                : unattended();
    }

    /** What nobody keeps up to date in the own directory. */
    private List<String> unattended() {
        return routes.stream()
                .filter(route -> directory && route.phase() == Phase.DB_ONLY)
                .map(route -> route.schema().name())
                .toList();
    }

    /** @param last called before others see anything; may refuse */
    private void export(List<String> collections, Runnable last) {
        Optional<Path> folder = settings.folder();
        last.run();
        if (folder.isPresent()) {
            exports.to(folder.get(), collections, RequestProgress.NONE, last);
        } else {
            exports.toOwnDirectory(collections, DirectoryRequests.PATIENCE, RequestProgress.NONE);
        }
    }
}
