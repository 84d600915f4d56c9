package dev.switchover.dualwrite.report;

import dev.switchover.postgres.PostgresStore;
import dev.switchover.postgres.ReportTable;
import dev.switchover.storage.StorageException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The history of reports: in the table {@code switchover_report}, and where there is no database, or it does not answer, in files in
 * {@code .switchover/reports}. Bounded: the oldest go. Both are read. Thread-safe, also between processes.
 *
 * <p>A report that cannot be kept is no failure of the work it is about: that is logged, and nothing is thrown.
 */
public final class Reports {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.reports");

    private static final int KEPT = 100;

    private final ReportFiles files;
    private final @Nullable ReportTable table;

    /** @param table null without a database */
    public Reports(ReportFiles files, @Nullable ReportTable table) {
        this.files = files;
        this.table = table;
    }

    /** Those of a directory, and of a database if there is one. */
    public static Reports of(Path directory, @Nullable PostgresStore postgres) {
        return new Reports(new ReportFiles(directory), postgres == null ? null : postgres.reports());
    }

    public void add(Report report) {
        if (table != null) {
            try {
                table.add(new ReportTable.Row(report.kind(), report.collection(), report.at(), report.json()), KEPT);
                return;
            } catch (StorageException e) {
                LOG.debug("The report goes into a file: {}", e.getMessage());
            }
        }
        files.add(report, KEPT);
    }

    /** The newest first. What cannot be read is left out. */
    public List<Report> last(String kind, String collection, int atMost) {
        List<Report> all = new ArrayList<>(files.last(kind, collection, atMost));
        if (table != null) {
            try {
                table.last(kind, collection, atMost)
                        .forEach(row -> all.add(new Report(row.kind(), row.collection(), row.at(), row.report())));
            } catch (StorageException e) {
                LOG.debug("The reports in the database cannot be read: {}", e.getMessage());
            }
        }
        all.sort(Comparator.comparing(Report::at).reversed());
        return all.stream().limit(atMost).toList();
    }

    public Optional<Report> last(String kind, String collection) {
        return last(kind, collection, 1).stream().findFirst();
    }

    /** When work of this kind was last done, or null. */
    public @Nullable Instant lastTime(String kind, String collection) {
        return last(kind, collection).map(Report::at).orElse(null);
    }
}
