package dev.switchover.dualwrite.backup;

import dev.switchover.dualwrite.backup.RecoveryMerge.Candidate;
import dev.switchover.dualwrite.backup.RecoveryMerge.Merged;
import dev.switchover.dualwrite.backup.RecoveryScan.Found;
import dev.switchover.dualwrite.backup.RecoveryScan.Source;
import dev.switchover.storage.FencedException;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.LedgerEntry;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Walks through everything that was found, collection by collection. Used by one thread. */
final class Recovery {

    private static final int NAMED = 100;

    private final RecoverySources sources;
    private final List<CollectionSchema<?, ?>> schemas;
    private final BackupSource stores;
    private final boolean withDeleted;
    private final Map<RecoverySource, Long> counts = new IdentityHashMap<>();
    private final Map<CollectionSchema<?, ?>, Long> chosen = new IdentityHashMap<>();
    private final Map<CollectionSchema<?, ?>, long[]> counters = new IdentityHashMap<>();

    Recovery(RecoverySources sources, List<CollectionSchema<?, ?>> schemas, BackupSource stores, boolean withDeleted) {
        this.sources = sources;
        this.schemas = schemas;
        this.stores = stores;
        this.withDeleted = withDeleted;
    }

    /** @param each is handed every record in every source */
    RecoveryScan scan(Consumer<? super FoundRecord> each) {
        List<Found> found = new ArrayList<>();
        for (CollectionSchema<?, ?> schema : schemas) {
            found.add(walk(schema, each));
        }
        List<Source> all = new ArrayList<>();
        sources.found().forEach(source -> all.add(source(source, true)));
        sources.leftOut().forEach(source -> all.add(source(source, false)));
        return new RecoveryScan(all, found);
    }

    private Source source(RecoverySource source, boolean used) {
        return new Source(
                source.name(), source.path(), source.kind(), used, counts.getOrDefault(source, 0L), source.problems());
    }

    private Found walk(CollectionSchema<?, ?> schema, Consumer<? super FoundRecord> each) {
        RecoverySource authority = authority(schema);
        long ids = 0;
        long missing = 0;
        long newer = 0;
        long deletedLater = 0;
        long taken = 0;
        long[] highest = new long[2];
        List<String> missingIds = new ArrayList<>();
        List<String> newerIds = new ArrayList<>();
        try (RecoveryMerge merge = new RecoveryMerge(schema, sources.found())) {
            while (merge.hasNext()) {
                Merged one = merge.next();
                ids++;
                highest[0] = Math.max(
                        highest[0],
                        Math.max(one.newest().version(), one.newest().order()));
                highest[1] = Math.max(highest[1], schema.number(one.id()));
                Candidate there = of(authority, one);
                if (there == null) {
                    missing++;
                    deletedLater += one.deletedLater() ? 1 : 0;
                    name(missingIds, one);
                } else if (there.record() != one.newest() && Newest.ORDER.compare(there.record(), one.newest()) != 0) {
                    newer++;
                    name(newerIds, one);
                }
                taken += (withDeleted || !one.deletedLater()) && !one.id().isEnvelope() ? 1 : 0;
                for (Candidate candidate : one.candidates()) {
                    counts.merge(candidate.source(), 1L, Long::sum);
                    each.accept(new FoundRecord(
                            schema.name(),
                            one.id().text(),
                            candidate.source().name(),
                            candidate.record().version(),
                            candidate.record() == one.newest()));
                }
            }
        }
        chosen.put(schema, taken);
        counters.put(schema, highest);
        return new Found(schema.name(), ids, missing, newer, deletedLater, missingIds, newerIds);
    }

    private static void name(List<String> ids, Merged one) {
        if (ids.size() < NAMED) {
            ids.add(one.id().text());
        }
    }

    private static @Nullable Candidate of(@Nullable RecoverySource source, Merged one) {
        for (Candidate candidate : one.candidates()) {
            if (candidate.source() == source) {
                return candidate;
            }
        }
        return null;
    }

    /** The store that is right, if it can be read. */
    private @Nullable RecoverySource authority(CollectionSchema<?, ?> schema) {
        LedgerEntry live = sources.live(schema);
        if (live != null && !live.serves()) {
            return null;
        }
        Store store;
        try {
            // Without a ledger it is the files from before the library.
            store = live == null ? Store.JSON : stores.authority(schema).store();
        } catch (FencedException noticed) {
            return null; // the service has seen that its table is gone, or has given way: then nothing here is right by
            // itself
        }
        RecoveryScan.Kind kind = store == Store.JSON ? RecoveryScan.Kind.JSON : RecoveryScan.Kind.POSTGRESQL;
        return sources.found().stream()
                .filter(source -> source.kind() == kind)
                .findFirst()
                .orElse(null);
    }

    /** What recovering would take, as a source of a backup. After {@link #scan}. */
    BackupSource merged() {
        return new MergedSource(sources, schemas, withDeleted, chosen, counters);
    }
}
