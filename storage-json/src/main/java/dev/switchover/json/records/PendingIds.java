package dev.switchover.json.records;

import dev.switchover.storage.schema.RecordId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The pending and parked ids of one collection. Guarded by the lock of {@link StoreState}. */
public final class PendingIds {

    private final Map<RecordId, Pending> byId = new HashMap<>();
    /** Those that are not parked. */
    private final TreeMap<Long, Pending> byVersion = new TreeMap<>();

    private final Map<Long, Map<RecordId, Pending>> byUnit = new HashMap<>();

    public @Nullable Pending get(RecordId id) {
        return byId.get(id);
    }

    public Collection<Pending> all() {
        return byId.values();
    }

    /** Not parked, oldest version first. */
    public SortedMap<Long, Pending> waiting() {
        return byVersion;
    }

    /** Not parked and of this unit of work. */
    public Collection<Pending> ofUnit(long unit) {
        return byUnit.getOrDefault(unit, Map.of()).values();
    }

    public List<Pending> parked() {
        List<Pending> parked = new ArrayList<>();
        for (Pending pending : byId.values()) {
            if (pending.parked() != null) {
                parked.add(pending);
            }
        }
        parked.sort((left, right) -> Long.compare(left.version(), right.version()));
        return parked;
    }

    void put(Pending pending) {
        remove(pending.id());
        byId.put(pending.id(), pending);
        if (pending.parked() == null) {
            byVersion.put(pending.version(), pending);
            if (pending.unit() != 0) {
                byUnit.computeIfAbsent(pending.unit(), unit -> new HashMap<>()).put(pending.id(), pending);
            }
        }
    }

    void remove(RecordId id) {
        Pending old = byId.remove(id);
        if (old != null) {
            byVersion.remove(old.version(), old);
            Map<RecordId, Pending> unit = byUnit.get(old.unit());
            if (unit != null) {
                unit.remove(id);
                if (unit.isEmpty()) {
                    byUnit.remove(old.unit());
                }
            }
        }
    }
}
