package dev.switchover.dualwrite;

import dev.switchover.dualwrite.StorageStatus.Parked;
import dev.switchover.dualwrite.StorageStatus.Pending;
import dev.switchover.dualwrite.mirror.ParkedRecords;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.ParkedRecord;
import dev.switchover.storage.spi.RecordStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What waits for a mirror, and what it refuses, by the service's definitions and ids. Thread-safe. */
final class Parking {

    private final Configuration configuration;
    private final List<Route> routes;
    private final Stores stores;

    Parking(Configuration configuration, List<Route> routes, Stores stores) {
        this.configuration = configuration;
        this.routes = List.copyOf(routes);
        this.stores = stores;
    }

    List<Parked> list(CollectionDefinition<?, ?> collection) {
        Route route = route(collection);
        List<Parked> parked = new ArrayList<>();
        for (ParkedRecord record : records(route).list(route.schema())) {
            parked.add(new Parked(
                    record.mark().id().text(),
                    record.mark().version(),
                    record.mark().since(),
                    record.reason()));
        }
        return parked;
    }

    <ID> int retry(CollectionDefinition<?, ID> collection, Collection<? extends ID> ids) {
        Route route = route(collection);
        return records(route).retry(route.schema(), recordIds(route, ids));
    }

    <ID> int discard(CollectionDefinition<?, ID> collection, Collection<? extends ID> ids) {
        Route route = route(collection);
        return records(route).discard(route.schema(), recordIds(route, ids));
    }

    /** Asks the primary alone, for the other store may be away. */
    List<Pending> pending(CollectionDefinition<?, ?> collection, int atMost) {
        Route route = route(collection);
        return primary(route).pending().marks(route.schema(), atMost).stream()
                .map(mark -> new Pending(mark.id().text(), mark.version(), mark.since()))
                .toList();
    }

    private RecordStore primary(Route route) {
        return route.phase().databasePhase() ? stores.postgres() : stores.json();
    }

    private ParkedRecords records(Route route) {
        return new ParkedRecords(primary(route), configuration.directory(), configuration.clock());
    }

    private Route route(CollectionDefinition<?, ?> collection) {
        for (Route route : routes) {
            if (route.schema().definition() == collection) {
                return route;
            }
        }
        throw new IllegalArgumentException("The storage was not opened with " + collection);
    }

    @SuppressWarnings("unchecked") // The schema was compiled from the definition whose ids these are.
    private static <ID> List<RecordId> recordIds(Route route, Collection<? extends ID> ids) {
        CollectionSchema<?, ID> schema = (CollectionSchema<?, ID>) route.schema();
        List<RecordId> recordIds = new ArrayList<>();
        ids.forEach(id -> recordIds.add(schema.recordId(id)));
        return recordIds;
    }
}
