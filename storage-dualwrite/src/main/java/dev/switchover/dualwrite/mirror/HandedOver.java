package dev.switchover.dualwrite.mirror;

import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Written;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What writers handed over at one time. Writers commit in one order and come here in another, and those of other instances do not
 * come at all: a write of a record that a unit of work wrote before must not reach the mirror without the rest of that unit. Used
 * by the worker, or in its place.
 */
final class HandedOver {

    private record State(CollectionSchema<?, ?> schema, RecordId id, long version) {}

    private final List<Ticket> tickets;
    private final Map<CollectionSchema<?, ?>, Lane> lanes;
    private final Set<State> here = new HashSet<>();

    HandedOver(List<Ticket> tickets, Map<CollectionSchema<?, ?>, Lane> lanes) {
        this.tickets = tickets;
        this.lanes = lanes;
    }

    /** Whether every unit of work whose record was written again is in the mirror or here; otherwise the primary has to be asked. */
    boolean isWhole() {
        boolean follows = false;
        for (Ticket ticket : tickets) {
            for (Written written : ticket.written()) {
                here.add(new State(written.schema(), written.id(), written.version()));
                follows |= written.behind() != 0;
            }
        }
        return !follows
                || tickets.stream().flatMap(ticket -> ticket.written().stream()).allMatch(this::mayGo);
    }

    private boolean mayGo(Written written) {
        Lane lane = lanes.get(written.schema());
        return written.behind() == 0
                || lane == null
                || lane.applied().has(written.id(), written.behind())
                || here.contains(new State(written.schema(), written.id(), written.behind()));
    }
}
