package dev.switchover.examples.expenses;

import dev.switchover.storage.FencedException;
import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.RecordRefusedException;
import dev.switchover.storage.StorageClosedException;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.UnknownOutcomeException;
import dev.switchover.storage.VersionConflictException;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every error as JSON under {@code detail}. No answer has a stack trace or a value of a record in it. */
final class ErrorAnswers {

    private static final Logger LOG = LoggerFactory.getLogger(ErrorAnswers.class);
    private static final String RETRY_AFTER_SECONDS = "5";

    private ErrorAnswers() {}

    static void addTo(JavalinDefaultRoutingApi routes) {
        routes.exception(InvalidRequestException.class, (e, context) -> answer(context, 422, e.problems()))
                .exception(InvalidRecordException.class, (e, context) -> answer(context, 422, List.of(problem(e))))
                .exception(RecordRefusedException.class, (e, context) -> answer(context, 422, List.of(problem(e))))
                .exception(VersionConflictException.class, (e, context) -> answer(context, 409, e.getMessage()))
                .exception(StoreUnavailableException.class, (e, context) -> unavailable(context, e))
                .exception(FencedException.class, (e, context) -> unavailable(context, e))
                .exception(StorageClosedException.class, (e, context) -> unavailable(context, e))
                .exception(UnknownOutcomeException.class, ErrorAnswers::unknownOutcome)
                .exception(StorageException.class, ErrorAnswers::unexpected)
                .exception(HttpResponseException.class, ErrorAnswers::http)
                .exception(Exception.class, ErrorAnswers::unexpected);
    }

    private static Problems.Problem problem(InvalidRecordException e) {
        List<Object> place = new ArrayList<>(List.of("body"));
        for (String step : e.path().split("/", -1)) {
            if (!step.isEmpty()) {
                place.add(step.replace("~1", "/").replace("~0", "~"));
            }
        }
        return new Problems.Problem(place, e.reason(), "value_error");
    }

    private static Problems.Problem problem(RecordRefusedException e) {
        return new Problems.Problem(List.of("body"), e.reason(), "value_error");
    }

    private static void unavailable(Context context, StorageException e) {
        context.header("Retry-After", RETRY_AFTER_SECONDS);
        answer(context, 503, e.getMessage());
    }

    /** No Retry-After: whoever sends a POST again without looking may create a second entry. */
    private static void unknownOutcome(UnknownOutcomeException e, Context context) {
        LOG.warn("{} {}: {}", context.method(), context.path(), e.getMessage());
        answer(context, 503, "The change may have happened or not; look before you send it again. " + e.getMessage());
    }

    private static void unexpected(Exception e, Context context) {
        LOG.error("{} {} failed", context.method(), context.path(), e);
        answer(context, 500, "Internal error; the log of the service has more");
    }

    private static void http(HttpResponseException e, Context context) {
        String allowed = e.getDetails().get("availableMethods");
        if (allowed != null) {
            context.header("Allow", allowed);
        }
        answer(context, e.getStatus(), e.getMessage());
    }

    private static void answer(Context context, int status, @Nullable Object detail) {
        context.status(status);
        Answers.json(context, Map.of("detail", detail == null ? "" : detail));
    }
}
