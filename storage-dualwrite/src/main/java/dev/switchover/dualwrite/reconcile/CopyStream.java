package dev.switchover.dualwrite.reconcile;

import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.MirrorChange;
import dev.switchover.storage.spi.RecordStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;

/**
 * What makes one store equal to another, found while it is being loaded. Differences that were not pending are handed over, and
 * made durable there, before the change that overwrites them leaves here.
 */
final class CopyStream implements Iterator<MirrorChange> {

    private static final int CHUNK = 500;

    private final RecordStore from;
    private final CollectionSchema<?, ?> schema;
    private final SideBySide sides;
    private final DifferenceSink unexpected;
    private final ProgressMeter meter;
    private final ArrayDeque<MirrorChange> ready = new ArrayDeque<>();

    CopyStream(
            RecordStore from,
            CollectionSchema<?, ?> schema,
            SideBySide sides,
            DifferenceSink unexpected,
            ProgressMeter meter) {
        this.from = from;
        this.schema = schema;
        this.sides = sides;
        this.unexpected = unexpected;
        this.meter = meter;
    }

    @Override
    public boolean hasNext() {
        if (ready.isEmpty()) {
            fill();
        }
        return !ready.isEmpty();
    }

    @Override
    public MirrorChange next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return ready.remove();
    }

    private void fill() {
        List<Difference> chunk = new ArrayList<>();
        while (chunk.size() < CHUNK && sides.hasNext()) {
            Difference difference = sides.next();
            meter.one();
            if (difference != null) {
                chunk.add(difference);
            }
        }
        report(chunk.stream().filter(difference -> difference.kind().isDrift()).toList());
        chunk.forEach(difference -> ready.add(difference.change(schema)));
    }

    private void report(List<Difference> drift) {
        if (drift.isEmpty()) {
            return;
        }
        Set<RecordId> pending = new HashSet<>(
                from.pending().among(schema, drift.stream().map(Difference::id).toList()));
        for (Difference difference : drift) {
            if (!pending.contains(difference.id())) {
                unexpected.accept(difference);
            }
        }
        unexpected.force();
    }
}
