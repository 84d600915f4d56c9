package dev.switchover.dualwrite.mirror;

import dev.switchover.dualwrite.reconcile.SavedAside;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.ParkedRecord;
import dev.switchover.storage.spi.RecordStore;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What an operator can do about records the mirror refuses. Thread-safe. */
public final class ParkedRecords {

    private final RecordStore primary;
    private final Path directory;
    private final Clock clock;

    /** @param directory the JSON store's; discarded records are saved in it */
    public ParkedRecords(RecordStore primary, Path directory, Clock clock) {
        this.primary = primary;
        this.directory = directory;
        this.clock = clock;
    }

    public List<ParkedRecord> list(CollectionSchema<?, ?> schema) {
        return primary.pending().parked(schema);
    }

    /** Makes them pending again. @return how many of them were parked */
    public int retry(CollectionSchema<?, ?> schema, Collection<RecordId> ids) {
        return primary.pending().retry(schema, ids);
    }

    /**
     * Gives up carrying them over. The primary keeps them; what it has now is saved aside first, because the mirror, should it
     * become the authority, will not have it.
     *
     * @return how many of them were parked
     * @throws dev.switchover.storage.StoreUnavailableException if they could not be saved; then they stay parked
     */
    public int discard(CollectionSchema<?, ?> schema, Collection<RecordId> ids) {
        Set<RecordId> parked = new HashSet<>();
        list(schema).forEach(record -> parked.add(record.mark().id()));
        List<RecordId> chosen = ids.stream().filter(parked::contains).toList();
        try (SavedAside aside = new SavedAside(directory, schema, "discarded while parked", clock)) {
            for (RecordId id : chosen) {
                primary.find(schema, id).ifPresent(aside::save);
            }
            aside.force();
        }
        return primary.pending().discard(schema, chosen);
    }
}
