package dev.switchover.dualwrite;

import dev.switchover.dualwrite.backup.LastBackups;
import dev.switchover.dualwrite.report.Report;
import dev.switchover.dualwrite.report.Reports;
import dev.switchover.postgres.ExportTable;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.schema.CollectionSchema;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * When each collection was last verified, repaired, exported and backed up, looked at again every few seconds. Thread-safe.
 */
final class RecentReports {

    private static final Duration READ_EVERY = Duration.ofSeconds(3);

    private final Reports everywhere;
    private final Reports inFiles;
    private final @Nullable ExportTable exports;
    private final LastBackups backups;
    private final Map<CollectionSchema<?, ?>, Read> known = new ConcurrentHashMap<>();
    private final Map<CollectionSchema<?, ?>, Read> knownOfFiles = new ConcurrentHashMap<>();

    private record Read(LastReports reports, long at) {}

    RecentReports(Reports everywhere, Reports inFiles, @Nullable ExportTable exports, LastBackups backups) {
        this.everywhere = everywhere;
        this.inFiles = inFiles;
        this.exports = exports;
        this.backups = backups;
    }

    static RecentReports of(Configuration configuration, @Nullable PostgresStore postgres) {
        return new RecentReports(
                Reports.of(configuration.directory(), postgres),
                Reports.of(configuration.directory(), null),
                postgres == null ? null : postgres.exports(),
                new LastBackups(configuration.backups().folder()));
    }

    /** Asks the database too. */
    LastReports of(CollectionSchema<?, ?> schema) {
        return recent(known, schema, asked -> read(everywhere, asked).withExport(export(asked)));
    }

    /** While the database is not asked: what it told before, and what lies in files. */
    LastReports withoutDatabase(CollectionSchema<?, ?> schema) {
        Read told = known.get(schema);
        LastReports found = recent(knownOfFiles, schema, asked -> read(inFiles, asked));
        return told == null ? found : found.or(told.reports().withBackup(null)); // the folder itself tells of those
    }

    private static LastReports recent(
            Map<CollectionSchema<?, ?>, Read> known,
            CollectionSchema<?, ?> schema,
            Function<CollectionSchema<?, ?>, LastReports> read) {
        long now = System.nanoTime();
        Read before = known.get(schema);
        if (before != null && now - before.at() < READ_EVERY.toNanos()) {
            return before.reports();
        }
        Read found = new Read(read.apply(schema), now);
        known.put(schema, found);
        return found.reports();
    }

    private LastReports read(Reports reports, CollectionSchema<?, ?> schema) {
        return new LastReports(
                reports.last(Report.VERIFY, schema.name())
                        .map(LastReports::verification)
                        .orElse(null),
                reports.lastTime(Report.REPAIR, schema.name()),
                null,
                backups.of(schema.name()).orElse(null));
    }

    private @Nullable Instant export(CollectionSchema<?, ?> schema) {
        if (exports == null) {
            return null;
        }
        try {
            return exports.all().stream()
                    .filter(row -> row.collection().equals(schema.name()))
                    .map(ExportTable.Row::at)
                    .max(Comparator.naturalOrder())
                    .orElse(null);
        } catch (StorageException e) {
            return null; // what else is known of the database says that it does not answer
        }
    }
}
