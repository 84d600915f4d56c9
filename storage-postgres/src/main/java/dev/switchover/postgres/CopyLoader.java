package dev.switchover.postgres;

import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.MirrorChange;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Many records at once: through {@code COPY} as long as the table has none of them, otherwise as any apply. */
final class CopyLoader {

    private static final int PIECE = 20_000;
    private static final long PIECE_BYTES = 32 << 20;

    private final Supplier<Tables> tables;
    private final PostgresMirror mirror;
    private final PairedCopy copying;

    CopyLoader(
            Database database, Names names, Supplier<Tables> tables, PostgresSettings settings, PostgresMirror mirror) {
        this.tables = tables;
        this.mirror = mirror;
        this.copying = new PairedCopy(database, names, settings);
    }

    long load(CollectionSchema<?, ?> schema, Fence fence, Iterator<MirrorChange> changes) {
        Tables.Table table = tables.get().records(schema);
        // A table that is not ours may have triggers and keys of its own; its rows go the way single ones go.
        boolean copy = table.shape().side() == null;
        long count = 0;
        while (changes.hasNext()) {
            List<MirrorChange> piece = piece(changes);
            count += piece.size();
            boolean suited = copy && isOfRecords(piece);
            if (!suited || !mirror.copy(MirrorGroup.whole(table, fence, piece), copying)) {
                copy = copy && !suited; // where the table has some of these it will have some of the next
                mirror.apply(Map.of(schema, fence), piece, Map.of());
            }
        }
        mirror.force(Map.of(schema, fence));
        return count;
    }

    private static List<MirrorChange> piece(Iterator<MirrorChange> changes) {
        List<MirrorChange> piece = new ArrayList<>();
        long bytes = 0;
        while (changes.hasNext() && piece.size() < PIECE && bytes < PIECE_BYTES) {
            MirrorChange change = changes.next();
            piece.add(change);
            RawRecord record = change.record();
            bytes += record == null ? 0 : record.body().length;
        }
        return piece;
    }

    private static boolean isOfRecords(List<MirrorChange> piece) {
        return piece.stream()
                .allMatch(change -> change.record() != null && !change.id().isEnvelope());
    }
}
