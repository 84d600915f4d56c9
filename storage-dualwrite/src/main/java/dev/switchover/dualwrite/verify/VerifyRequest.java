package dev.switchover.dualwrite.verify;

import dev.switchover.dualwrite.reconcile.Progress;
import dev.switchover.dualwrite.report.ReportFiles;
import dev.switchover.dualwrite.report.Reports;
import dev.switchover.dualwrite.request.HeldStorage;
import dev.switchover.dualwrite.request.Request;
import dev.switchover.dualwrite.request.RequestHandler;
import dev.switchover.dualwrite.request.RequestProgress;
import dev.switchover.dualwrite.view.StoreView;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.storage.RequestFailedException;
import dev.switchover.storage.schema.CollectionSchema;
import java.util.Map;

/** The request {@code verify}: of one collection, by the service that has its records in memory. Thread-safe. */
public final class VerifyRequest implements RequestHandler {

    public static final String KIND = "verify";

    private static final String COLLECTION = "collection";
    private static final String QUICK = "quick";

    /** @param quick by id and version, see {@link Verify#quickly} */
    public static Map<String, String> arguments(String collection, boolean quick) {
        return Map.of(COLLECTION, collection, QUICK, String.valueOf(quick));
    }

    @Override
    public String handle(Request request, HeldStorage storage, RequestProgress progress) {
        PostgresStore postgres = storage.postgres();
        if (postgres == null) {
            throw new RequestFailedException(
                    KIND,
                    "The holder of the directory has no database: there is one store only, and nothing to compare");
        }
        CollectionSchema<?, ?> schema = storage.schema(request, COLLECTION);
        Reports reports = new Reports(new ReportFiles(storage.directory()), postgres.reports());
        Verify verify = new Verify(reports, storage.clock());
        StoreView json = StoreView.of(storage.json());
        StoreView database = StoreView.of(postgres);
        Progress told = step -> progress.at(step.done(), step.total(), "comparing " + step.collection());
        VerificationReport report = Boolean.parseBoolean(request.arguments().get(QUICK))
                ? verify.quickly(json, database, schema, told, finding -> {})
                : verify.run(json, database, schema, told, finding -> {});
        return report.toJson();
    }
}
