package dev.switchover.dualwrite.repair;

import dev.switchover.dualwrite.reconcile.Progress;
import dev.switchover.dualwrite.repair.Repair.Wish;
import dev.switchover.dualwrite.report.Reports;
import dev.switchover.dualwrite.request.HeldStorage;
import dev.switchover.dualwrite.request.Request;
import dev.switchover.dualwrite.request.RequestHandler;
import dev.switchover.dualwrite.request.RequestProgress;
import dev.switchover.dualwrite.request.Texts;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.storage.RequestFailedException;
import dev.switchover.storage.schema.CollectionSchema;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The request {@code repair}: of one collection, by whoever keeps its mirror. Thread-safe. */
public final class RepairRequest implements RequestHandler {

    public static final String KIND = "repair";

    private static final String COLLECTION = "collection";
    private static final String DELETE_EXTRA = "deleteExtra";
    private static final String IDS = "ids";
    private static final Duration MIRROR_PATIENCE = Duration.ofSeconds(60);

    private final Alone alone;

    /** Carries over what is pending where no service does. */
    @FunctionalInterface
    public interface Alone {
        /** @return whether the mirror has everything now */
        boolean carryOver(HeldStorage storage, CollectionSchema<?, ?> schema, Duration atMost);
    }

    public RepairRequest(Alone alone) {
        this.alone = alone;
    }

    public static Map<String, String> arguments(String collection, Wish wish) {
        Map<String, String> arguments = new HashMap<>();
        arguments.put(COLLECTION, collection);
        arguments.put(DELETE_EXTRA, String.valueOf(wish.deleteExtra()));
        if (!wish.only().isEmpty()) {
            arguments.put(IDS, Texts.write(wish.only()));
        }
        return arguments;
    }

    @Override
    public String handle(Request request, HeldStorage storage, RequestProgress progress) {
        PostgresStore postgres = storage.postgres();
        if (postgres == null) {
            throw new RequestFailedException(KIND, "No database is configured: there is nothing to repair");
        }
        CollectionSchema<?, ?> schema = storage.schema(request, COLLECTION);
        String ids = request.arguments().getOrDefault(IDS, "");
        Wish wish = new Wish(
                Boolean.parseBoolean(request.arguments().get(DELETE_EXTRA)),
                ids.isEmpty() ? Set.of() : Set.copyOf(Texts.read(KIND, ids)));
        Progress told = step -> progress.at(step.done(), step.total(), "comparing " + step.collection());
        boolean served = storage.phase(schema).isPresent();
        Reports reports = Reports.of(storage.directory(), postgres);
        return new Repair(storage.directory(), reports, storage.clock())
                .run(
                        storage.json(),
                        postgres,
                        schema,
                        wish,
                        told,
                        () -> served
                                ? storage.awaitInSync(MIRROR_PATIENCE)
                                : alone.carryOver(storage, schema, MIRROR_PATIENCE))
                .toJson();
    }
}
