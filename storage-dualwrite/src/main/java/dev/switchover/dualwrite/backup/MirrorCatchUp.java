package dev.switchover.dualwrite.backup;

import dev.switchover.dualwrite.mirror.CatchUp;
import dev.switchover.dualwrite.mirror.MirrorListener;
import dev.switchover.dualwrite.mirror.MirrorSettings;
import dev.switchover.dualwrite.request.HeldStorage;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.storage.Phase;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.RecordStore;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits until mirrors have what is pending; where nobody serves, carries it over itself. What does not get there stays pending: the
 * next start carries it over. Used by one thread.
 */
final class MirrorCatchUp {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.backup");

    private final HeldStorage storage;
    private final HeldSource source;

    MirrorCatchUp(HeldStorage storage, HeldSource source) {
        this.storage = storage;
        this.source = source;
    }

    /** @return whether every collection that is mirrored is the same in both stores */
    boolean run(List<CollectionSchema<?, ?>> schemas, Duration atMost) {
        boolean all = true;
        boolean served = false;
        for (CollectionSchema<?, ?> schema : schemas) {
            Phase phase = storage.phase(schema).orElse(null);
            if (phase == null) {
                all &= alone(schema);
            } else {
                served |= phase.mirrored();
            }
        }
        return all && (!served || storage.awaitInSync(atMost));
    }

    private boolean alone(CollectionSchema<?, ?> schema) {
        try {
            Store authority = source.authority(schema).store();
            RecordStore primary = source.store(authority);
            boolean mirrored = primary.ledger()
                    .read(schema)
                    .filter(entry -> entry.mirroring() != Mirroring.OFF)
                    .isPresent();
            if (!mirrored) {
                return true;
            }
            PostgresStore database = storage.postgres();
            if (database == null) {
                return false;
            }
            return CatchUp.REAL.run(
                    primary,
                    source.store(authority.other()),
                    schema,
                    MirrorListener.NONE,
                    MirrorSettings.DEFAULTS,
                    storage.clock());
        } catch (StorageException e) {
            LOG.warn("{} stays pending for its mirror until the next start: {}", schema.name(), e.getMessage());
            return false;
        }
    }
}
