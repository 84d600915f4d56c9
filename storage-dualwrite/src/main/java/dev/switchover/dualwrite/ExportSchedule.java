package dev.switchover.dualwrite;

import dev.switchover.dualwrite.flags.ScheduleVariables;
import dev.switchover.dualwrite.request.RequestProgress;
import dev.switchover.dualwrite.schedule.DatabaseJobs;
import dev.switchover.dualwrite.schedule.Schedule;
import dev.switchover.dualwrite.schedule.ScheduleRunner;
import dev.switchover.dualwrite.schedule.ScheduledJob;
import dev.switchover.json.directory.Holder;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.storage.Phase;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The export that runs by itself, if the settings say so. */
final class ExportSchedule {

    static final String JOB = "export";

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.schedule");

    private ExportSchedule() {}

    /** A runner, not started yet; of nothing where nothing is to be exported by itself. */
    static ScheduleRunner of(Configuration configuration, List<Route> routes, PostgresStore database, Exports exports) {
        ScheduleVariables variables = configuration.settings().schedule();
        List<String> collections = collections(variables, routes);
        Optional<Schedule> schedule = variables.export();
        if (schedule.isPresent() && collections.isEmpty()) {
            LOG.warn(
                    "SWITCHOVER_EXPORT_SCHEDULE is set, but in these phases there is nothing to export: JSON leads, or follows as a"
                            + " mirror");
        }
        List<ScheduledJob> jobs = schedule.filter(known -> !collections.isEmpty())
                .map(known -> List.of(new ScheduledJob(
                        JOB,
                        known,
                        variables.zone().orElseGet(ZoneId::systemDefault),
                        lease -> run(variables, collections, exports, lease))))
                .orElse(List.of());
        String holder = Holder.hostName() + " " + ProcessHandle.current().pid() + " " + UUID.randomUUID();
        return new ScheduleRunner(
                jobs,
                new DatabaseJobs(database.jobs(), holder),
                configuration.clock(),
                configuration.settings().closeTimeout());
    }

    /** Into the own directory only what nobody keeps up to date there; into another folder everything that PostgreSQL leads. */
    private static List<String> collections(ScheduleVariables variables, List<Route> routes) {
        return routes.stream()
                .filter(route -> variables.exportFolder().isPresent()
                        ? route.phase().databasePhase()
                        : route.phase() == Phase.DB_ONLY)
                .map(route -> route.schema().name())
                .toList();
    }

    private static void run(
            ScheduleVariables variables, List<String> collections, Exports exports, ScheduledJob.Lease lease) {
        Optional<Path> folder = variables.exportFolder();
        lease.require();
        if (folder.isPresent()) {
            exports.to(folder.get(), collections, RequestProgress.NONE, lease::require);
        } else {
            exports.toOwnDirectory(collections, DirectoryRequests.PATIENCE, RequestProgress.NONE);
        }
    }
}
