package dev.switchover.dualwrite;

import dev.switchover.dualwrite.request.RequestHandlers;
import dev.switchover.dualwrite.verify.VerificationReport;
import dev.switchover.storage.schema.CollectionSchema;
import java.util.Map;

/** A service has its records in memory, so it is asked to verify by who would have to read them from its files. */
final class VerifyRequests {

    static final String KIND = "verify";

    private static final String COLLECTION = "collection";
    private static final String QUICK = "quick";

    private VerifyRequests() {}

    /** @param inspection of the service */
    static RequestHandlers handlers(RequestHandlers others, Inspection inspection) {
        return others.with(KIND, (request, held, progress) -> {
            CollectionSchema<?, ?> schema = held.schema(request, COLLECTION);
            CopyProgress told = step -> progress.at(step.done(), step.total(), "comparing " + step.collection());
            VerificationReport report = Boolean.parseBoolean(request.arguments().get(QUICK))
                    ? inspection.quickVerify(schema, told, finding -> {})
                    : inspection.verify(schema, told, finding -> {});
            return report.toJson();
        });
    }

    /** @param quick by id and version */
    static Map<String, String> arguments(CollectionSchema<?, ?> schema, boolean quick) {
        return Map.of(COLLECTION, schema.name(), QUICK, String.valueOf(quick));
    }
}
