package dev.switchover.dualwrite.backup;

import dev.switchover.dualwrite.request.HeldStorage;
import dev.switchover.dualwrite.request.RequestProgress;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.RecordStore;
import dev.switchover.storage.spi.Restoration;
import dev.switchover.storage.spi.Restored;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * One restore: a look at what it changes, a backup of what is there, then one step in each store that is an authority. The other store
 * follows as it follows every write: what was written and deleted is pending until the mirror has it. Used by one thread.
 */
final class Restore {

    /** More than this goes over to a mirror in pieces: a step has to fit into memory. */
    private static final long TOGETHER = 64L << 20;

    private static final Duration MIRROR_WAIT = Duration.ofSeconds(60);

    private final HeldStorage storage;
    private final HeldSource source;
    private final BackupMaker maker;

    Restore(HeldStorage storage, BackupMaker maker) {
        this.storage = storage;
        this.source = new HeldSource(storage, RestoreRequest.KIND);
        this.maker = maker;
    }

    RestoreReport run(
            Archive archive, List<CollectionSchema<?, ?>> schemas, boolean newerStays, RequestProgress progress) {
        progress.at(0, OptionalLong.empty(), "comparing with what is there");
        List<RestorePlanner.Wanted> wanted = new ArrayList<>();
        schemas.forEach(
                schema -> wanted.add(new RestorePlanner.Wanted(schema, newerStays, () -> archive.records(schema))));
        RestorePlanner.Found found = new RestorePlanner(source).compare(wanted);
        RestorePlan plan = new RestorePlan(
                archive.name(), archive.file().toString(), archive.head().time(), found.bytes(), found.changes());
        progress.at(0, OptionalLong.empty(), "saving what is there");
        // Read back, for soon there is nothing else that has it.
        Archive safety = ReadBack.archive(maker.make(source, BackupKind.BEFORE_RESTORE, schemas), List.of());
        WrittenMeanwhile meanwhile = new WrittenMeanwhile(safety, storage.directory(), storage.clock());
        List<Restoration> all = new ArrayList<>();
        for (CollectionSchema<?, ?> schema : schemas) {
            BackupPart part = archive.part(schema);
            long version = Math.max(part.version(), archive.highestOrder(schema.name()));
            all.add(new Restoration(
                    schema,
                    newerStays,
                    () -> archive.records(schema),
                    meanwhile.of(schema),
                    version,
                    part.highestId()));
        }
        List<Restored> done = run(all, plan.bytes() <= TOGETHER, progress);
        progress.at(0, OptionalLong.empty(), "carrying it over to the mirror");
        boolean inSync = new MirrorCatchUp(storage, source).run(schemas, MIRROR_WAIT);
        return new RestoreReport(
                plan,
                safety.name(),
                meanwhile.files(),
                done.stream()
                        .map(one ->
                                new RestoreReport.Done(one.schema().name(), one.written(), one.deleted(), one.equal()))
                        .toList(),
                inSync);
    }

    private List<Restored> run(List<Restoration> wanted, boolean together, RequestProgress progress) {
        List<Restored> done = new ArrayList<>();
        for (Store store : Store.values()) {
            List<Restoration> of = wanted.stream()
                    .filter(one -> source.authority(one.schema()).store() == store)
                    .toList();
            if (!of.isEmpty()) {
                progress.at(0, OptionalLong.empty(), "restoring in " + store.label());
                done.addAll(served(store, of).restore(of, together));
            }
        }
        return done;
    }

    /** Where nobody serves the collections, this process does for a moment, by the epoch the ledger says. */
    private RecordStore served(Store store, List<Restoration> wanted) {
        RecordStore target = source.store(store);
        for (Restoration one : wanted) {
            if (storage.phase(one.schema()).isEmpty()) {
                target.ledger().read(one.schema()).ifPresent(entry -> target.serve(one.schema(), entry.epoch()));
            }
        }
        return target;
    }
}
