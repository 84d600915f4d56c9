package dev.switchover.dualwrite.switchover;

import dev.switchover.dualwrite.reconcile.Difference;
import dev.switchover.dualwrite.reconcile.DifferenceSink;
import dev.switchover.dualwrite.reconcile.SavedAside;
import dev.switchover.storage.schema.CollectionSchema;
import java.nio.file.Path;
import java.time.Clock;

/** Where records go that are about to be overwritten and were not known to be superseded. */
@FunctionalInterface
public interface AsideFiles {

    Aside open(CollectionSchema<?, ?> schema, String reason);

    /** Keeps what it is handed; durably once it is forced. */
    interface Aside extends DifferenceSink, AutoCloseable {

        long records();

        /** For the log. */
        String where();

        @Override
        void close();
    }

    /** Files beside the journal of the JSON store in {@code directory}. */
    static AsideFiles in(Path directory, Clock clock) {
        return (schema, reason) -> {
            SavedAside file = new SavedAside(directory, schema, reason, clock);
            return new Aside() {
                @Override
                public void accept(Difference difference) {
                    file.accept(difference);
                }

                @Override
                public void force() {
                    file.force();
                }

                @Override
                public long records() {
                    return file.records();
                }

                @Override
                public String where() {
                    return file.file().map(Path::toString).orElse("no file");
                }

                @Override
                public void close() {
                    file.close();
                }
            };
        };
    }
}
