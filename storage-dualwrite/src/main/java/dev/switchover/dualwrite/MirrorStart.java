package dev.switchover.dualwrite;

import dev.switchover.dualwrite.flags.SwitchoverSettings;
import dev.switchover.dualwrite.mirror.Mirror;
import dev.switchover.dualwrite.mirror.MirrorListener;
import dev.switchover.dualwrite.mirror.MirrorSettings;
import dev.switchover.dualwrite.reconcile.Progress;
import dev.switchover.dualwrite.switchover.GuardedStart;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.RecordStore;
import java.time.Clock;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes mirror workers. */
final class MirrorStart {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.mirror");

    private final SwitchoverSettings settings;
    private final Stores stores;
    private final Clock clock;
    private final MirrorListener listener;

    MirrorStart(Configuration configuration, Stores stores) {
        this.settings = configuration.settings();
        this.stores = stores;
        this.clock = configuration.clock();
        this.listener = new MirrorListener() {
            @Override
            public void comparing(Progress.Step step) {
                configuration.progress().at(step);
            }
        };
    }

    /** A worker, not started yet, that follows these collections in a mirrored phase. This process holds the directory. */
    Mirror mirror(Phase phase, List<CollectionSchema<?, ?>> schemas, GuardedStart start) {
        MirrorSettings mirrorSettings = MirrorSettings.DEFAULTS
                .withMode(settings.mirrorMode())
                .withTimeout(settings.mirrorTimeout())
                .withDeadlines(settings.switchTimeout(), settings.closeTimeout());
        return new Mirror(
                store(phase.primary()),
                store(phase.primary().other()),
                schemas,
                schema -> start.joinMirror(schema, phase),
                listener,
                mirrorSettings,
                clock);
    }

    /**
     * Before a phase without a mirror, what a crash left pending is carried over, bounded by the close timeout: the copy that
     * stays behind is then as complete as it can be.
     */
    void drain(CollectionSchema<?, ?> schema, Phase wanted, GuardedStart start) {
        if (wanted.mirrored() || stores.heldJson() == null || stores.configuredPostgres() == null) {
            return;
        }
        RecordStore primary = store(wanted.primary());
        primary.prepare();
        LedgerEntry entry = primary.ledger().read(schema).orElse(null);
        boolean leftPending = entry != null
                && entry.serves()
                && entry.mirroring() != Mirroring.OFF
                && primary.pending().summary(schema).count() > 0
                && !primary.ledger().hasLiveLease(schema);
        if (!leftPending) {
            return;
        }
        LOG.info("{}: carrying over what is pending before mirroring ends", schema.name());
        Phase mirrored = Phase.of(wanted.databasePhase(), true);
        start.start(schema, mirrored);
        try (Mirror mirror = mirror(mirrored, List.of(schema), start)) {
            mirror.start();
            mirror.awaitInSync(settings.closeTimeout());
        }
    }

    private RecordStore store(Store store) {
        return store == Store.JSON ? stores.json() : stores.postgres();
    }
}
