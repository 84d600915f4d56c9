package dev.switchover.dualwrite;

import dev.switchover.dualwrite.backup.Backups;
import dev.switchover.dualwrite.backup.OwnBackup;
import dev.switchover.dualwrite.export.ExportSettings;
import dev.switchover.dualwrite.request.RequestProgress;
import dev.switchover.dualwrite.schedule.AfterWrites;
import dev.switchover.dualwrite.schedule.JobLedger;
import dev.switchover.dualwrite.schedule.Schedule;
import dev.switchover.dualwrite.schedule.ScheduleRunner;
import dev.switchover.dualwrite.schedule.ScheduledJob;
import dev.switchover.storage.Phase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a service does by itself, if the settings say so: on a schedule, and after each write. */
final class OwnWork {

    static final String EXPORT = "export";
    static final String BACKUP = "backup";

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.schedule");

    private final Configuration configuration;
    private final ExportSettings exporting;
    private final List<Route> routes;
    private final boolean directory;
    private final Exports exports;
    private final OwnBackup backup;

    /** @param directory whether there is one to export into */
    OwnWork(Configuration configuration, List<Route> routes, boolean directory, Exports exports, Backups backups) {
        this.configuration = configuration;
        this.exporting = configuration.saving().exports();
        this.routes = List.copyOf(routes);
        this.directory = directory;
        this.exports = exports;
        this.backup = new OwnBackup(
                backups,
                configuration.schemas(),
                configuration.backups().times().cleaning());
    }

    /** A runner, not started yet; of nothing where nothing is to be done on a schedule. */
    ScheduleRunner schedule(JobLedger ledger) {
        return new ScheduleRunner(
                jobs(), ledger, configuration.clock(), configuration.settings().closeTimeout());
    }

    private List<ScheduledJob> jobs() {
        List<ScheduledJob> jobs = new ArrayList<>();
        Optional<Schedule> backups = configuration.backups().times().schedule();
        backups.ifPresent(times -> jobs.add(job(BACKUP, times, lease -> backup.run(lease::require))));
        Optional<Schedule> exported = exporting.schedule();
        List<String> collections = scheduled();
        if (exported.isPresent() && collections.isEmpty()) {
            LOG.info(
                    "An export is scheduled, but in these phases there is nothing to export: JSON leads, or follows as a mirror");
        } else {
            exported.ifPresent(times -> jobs.add(job(EXPORT, times, lease -> export(collections, lease::require))));
        }
        return jobs;
    }

    private ScheduledJob job(String name, Schedule times, ScheduledJob.Work work) {
        return new ScheduledJob(name, times, configuration.saving().zone(), work);
    }

    /** What is to be done after each write, not started yet. */
    List<FollowUps.FollowUp> followUps() {
        List<FollowUps.FollowUp> all = new ArrayList<>();
        List<String> exported = exporting.folder().isPresent() ? configuration.names() : unattended();
        if (exporting.afterWrites().isPresent() && exported.isEmpty()) {
            LOG.info(
                    "No export follows the writes: in these phases the files are kept up to date anyway, or there are none");
        } else {
            exporting
                    .afterWrites()
                    .ifPresent(pause -> all.add(followUp(
                            "the export after writes", exported, pause, () -> export(exported, () -> {}), true)));
        }
        // Not at a start: a service that is started again and again must not fill the folder.
        configuration
                .backups()
                .times()
                .afterWrites()
                .ifPresent(pause -> all.add(followUp(
                        "the backup after writes", configuration.names(), pause, () -> backup.run(() -> {}), false)));
        return all;
    }

    private FollowUps.FollowUp followUp(
            String name, List<String> collections, Duration pause, Runnable work, boolean atStart) {
        Duration closing = configuration.settings().closeTimeout();
        AfterWrites runs = new AfterWrites(name, pause, work, configuration.clock(), closing);
        return new FollowUps.FollowUp(name, collections, runs, atStart);
    }

    private List<String> scheduled() {
        return exporting.folder().isPresent()
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
        Optional<Path> folder = exporting.folder();
        last.run();
        if (folder.isPresent()) {
            exports.to(folder.get(), collections, RequestProgress.NONE, last);
        } else {
            exports.toOwnDirectory(collections, DirectoryRequests.PATIENCE, RequestProgress.NONE);
        }
    }
}
