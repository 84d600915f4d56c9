package dev.switchover.dualwrite.backup;

import dev.switchover.dualwrite.reconcile.SavedAside;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Overwritten;
import dev.switchover.storage.spi.RecordCursor;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Saves aside what a restore overwrites and the backup before it does not have: what was written between the two, while the service
 * served on. Versions alone do not tell: in PostgreSQL a lower one may become visible later. Used by one thread at a time.
 */
final class WrittenMeanwhile {

    private final Archive safety;
    private final Path directory;
    private final Clock clock;
    private final Map<CollectionSchema<?, ?>, SavedAside> saved = new IdentityHashMap<>();

    /** @param safety the backup of what was there before */
    WrittenMeanwhile(Archive safety, Path directory, Clock clock) {
        this.safety = safety;
        this.directory = directory;
        this.clock = clock;
    }

    Supplier<Overwritten> of(CollectionSchema<?, ?> schema) {
        return () -> {
            SavedAside aside = new SavedAside(
                    directory, schema, "written after " + safety.name() + " and overwritten by a restore", clock);
            // A store that begins anew overwrites it all again.
            saved.put(schema, aside);
            return new Compared(safety, schema, aside);
        };
    }

    /** The files, once everything is restored. */
    List<String> files() {
        List<String> files = new ArrayList<>();
        for (SavedAside aside : saved.values()) {
            aside.file().map(Path::toString).ifPresent(files::add);
        }
        files.sort(null);
        return files;
    }

    /** One collection, side by side with the backup. */
    private static final class Compared implements Overwritten {

        private final Archive safety;
        private final CollectionSchema<?, ?> schema;
        private final SavedAside aside;
        private final Comparator<RecordId> order;
        private @Nullable RecordCursor inSafety;
        private @Nullable RawRecord present;

        Compared(Archive safety, CollectionSchema<?, ?> schema, SavedAside aside) {
            this.safety = safety;
            this.schema = schema;
            this.aside = aside;
            this.order = schema.idType().order();
        }

        @Override
        public void accept(RawRecord old) {
            if (!find(old.id()).filter(same -> same.version() == old.version()).isPresent()) {
                aside.save(old);
            }
        }

        private Optional<RawRecord> find(RecordId id) {
            RecordCursor cursor = inSafety;
            if (cursor == null) {
                cursor = safety.records(schema);
                inSafety = cursor;
                present = cursor.hasNext() ? cursor.next() : null;
            }
            while (present != null && order.compare(present.id(), id) < 0) {
                present = cursor.hasNext() ? cursor.next() : null;
            }
            return Optional.ofNullable(present).filter(one -> one.id().equals(id));
        }

        @Override
        public void close() {
            try (aside) {
                if (inSafety != null) {
                    inSafety.close();
                }
            }
        }
    }
}
