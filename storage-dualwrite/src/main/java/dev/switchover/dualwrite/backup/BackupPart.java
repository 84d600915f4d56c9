package dev.switchover.dualwrite.backup;

import dev.switchover.storage.Phase;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.IdType;
import org.jspecify.annotations.Nullable;

/**
 * One collection in a backup, as its file's first line tells.
 *
 * @param idType of its ids, in whose order they come
 * @param records how many, without the envelope
 * @param store which store they were read from, the authority of that moment
 * @param phase the collection was served in; null if the store was never told
 * @param lineage of the data set; null if the store has never been in contact
 * @param epoch of the store's ledger entry, 0 without one
 * @param version the collection's version counter
 * @param highestId the highest id ever issued; 0 where ids are no numbers
 */
public record BackupPart(
        String name,
        IdType idType,
        long records,
        Store store,
        @Nullable Phase phase,
        @Nullable String lineage,
        long epoch,
        long version,
        long highestId) {}
