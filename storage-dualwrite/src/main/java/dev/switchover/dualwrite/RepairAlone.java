package dev.switchover.dualwrite;

import dev.switchover.dualwrite.mirror.Mirror;
import dev.switchover.dualwrite.mirror.MirrorListener;
import dev.switchover.dualwrite.mirror.MirrorSettings;
import dev.switchover.dualwrite.repair.RepairRequest;
import dev.switchover.dualwrite.request.HeldStorage;
import dev.switchover.dualwrite.switchover.AsideFiles;
import dev.switchover.dualwrite.switchover.Attached;
import dev.switchover.dualwrite.switchover.DiskSpace;
import dev.switchover.dualwrite.switchover.GuardedStart;
import dev.switchover.dualwrite.switchover.StartLog;
import dev.switchover.dualwrite.switchover.Surroundings;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.storage.Phase;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.RecordStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Carries over what is pending where no service does: with a mirror worker like a service's, under a term of its own, by who holds
 * the directory's lock.
 */
final class RepairAlone implements RepairRequest.Alone {

    private final Configuration configuration;

    RepairAlone(Configuration configuration) {
        this.configuration = configuration;
    }

    @Override
    public boolean carryOver(HeldStorage storage, CollectionSchema<?, ?> schema, Duration atMost) {
        PostgresStore postgres = storage.postgres();
        if (postgres == null) {
            return false;
        }
        Optional<LedgerEntry> inDatabase = postgres.ledger().read(schema).filter(LedgerEntry::serves);
        RecordStore primary = inDatabase.isPresent() ? postgres : storage.json();
        RecordStore mirror = inDatabase.isPresent() ? storage.json() : postgres;
        Phase phase = Phase.of(inDatabase.isPresent(), true);
        GuardedStart start = new GuardedStart(
                new Attached.Open(storage.json()),
                new Attached.Open(postgres),
                configuration.settings(),
                new Surroundings(
                        AsideFiles.in(storage.directory(), storage.clock()),
                        DiskSpace.of(storage.directory()),
                        storage.clock(),
                        StartLog.toLogger(step -> {})));
        MirrorSettings settings = MirrorSettings.DEFAULTS.withDeadlines(
                configuration.settings().switchTimeout(),
                configuration.settings().closeTimeout());
        try (Mirror worker = new Mirror(
                primary,
                mirror,
                List.of(schema),
                one -> start.joinMirror(one, phase),
                new MirrorListener() {},
                settings,
                storage.clock())) {
            worker.start();
            return worker.awaitInSync(atMost);
        }
    }
}
