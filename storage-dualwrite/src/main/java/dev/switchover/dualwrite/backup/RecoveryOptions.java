package dev.switchover.dualwrite.backup;

import java.nio.file.Path;
import java.util.List;

/**
 * What is recovered, and from where.
 *
 * @param collections names; none for all
 * @param more further files, and folders whose files are all taken for backups
 * @param withDeleted whether a record comes back although a later source that is whole lacks it, so that it was deleted
 */
public record RecoveryOptions(List<String> collections, List<Path> more, boolean withDeleted) {

    /** Everything, from wherever the library puts things, deleted records too. */
    public static final RecoveryOptions ALL = new RecoveryOptions(List.of(), List.of(), true);

    public RecoveryOptions {
        collections = List.copyOf(collections);
        more = List.copyOf(more);
    }

    public RecoveryOptions withCollections(List<String> names) {
        return new RecoveryOptions(names, more, withDeleted);
    }

    public RecoveryOptions withMore(List<Path> files) {
        return new RecoveryOptions(collections, files, withDeleted);
    }

    public RecoveryOptions withoutDeleted() {
        return new RecoveryOptions(collections, more, false);
    }
}
