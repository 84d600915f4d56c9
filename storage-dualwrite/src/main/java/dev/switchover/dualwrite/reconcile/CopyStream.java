package dev.switchover.dualwrite.reconcile;

import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.MirrorChange;
import dev.switchover.storage.spi.RecordStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * What makes one store equal to another, found while it is being loaded. Differences that were not pending are handed over, and
 * made durable there, before the change that overwrites them leaves here.
 */
final class CopyStream implements Iterator<MirrorChange> {

    private static final int CHUNK = 500;

    private final CollectionSchema<?, ?> schema;
    private final SideBySide sides;
    private final UnknownDrift unexpected;
    private final ProgressMeter meter;
    private final ArrayDeque<MirrorChange> ready = new ArrayDeque<>();

    CopyStream(
            RecordStore from,
            CollectionSchema<?, ?> schema,
            SideBySide sides,
            DifferenceSink unexpected,
            ProgressMeter meter) {
        this.schema = schema;
        this.sides = sides;
        this.unexpected = new UnknownDrift(from, schema, unexpected);
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
        chunk.forEach(unexpected::accept);
        unexpected.force();
        chunk.forEach(difference -> ready.add(difference.change(schema)));
    }
}
