package dev.switchover.dualwrite.backup;

import dev.switchover.storage.schema.CollectionSchema;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A backup that nobody asked for, and so nobody looks at: it is read back, and only if it is sound old ones are removed. Thread-safe. */
public final class OwnBackup {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.backup");

    private final Backups backups;
    private final List<CollectionSchema<?, ?>> schemas;
    private final Optional<Retention> cleaning;

    public OwnBackup(Backups backups, List<CollectionSchema<?, ?>> schemas, Optional<Retention> cleaning) {
        this.backups = backups;
        this.schemas = List.copyOf(schemas);
        this.cleaning = cleaning;
    }

    /**
     * Makes one of all collections, of the kind {@link BackupKind#SCHEDULED}.
     *
     * @param last called before anything is made, and before anything is removed; may refuse
     * @throws dev.switchover.storage.BackupException if it could not be written, or is not read back as it was written
     */
    public void run(Runnable last) {
        last.run();
        BackupFile made = backups.create(BackupKind.SCHEDULED, List.of());
        List<String> problems = ReadBack.problems(made, schemas);
        if (!problems.isEmpty()) {
            // Made again it would be no better: somebody has to mend what is in the store.
            LOG.warn(
                    "The backup {} is not sound, and nothing was cleaned up: {}",
                    made.path(),
                    String.join("; ", problems));
            return;
        }
        if (cleaning.isPresent()) {
            last.run();
            CleanReport report = backups.clean(cleaning.get(), false);
            LOG.info(
                    "The backup {} is sound; {} older ones were removed, {} are kept",
                    made.path(),
                    report.removed().size(),
                    report.kept());
        }
    }
}
