package dev.switchover.examples.videos;

import dev.switchover.storage.FencedException;
import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.RecordRefusedException;
import dev.switchover.storage.StorageClosedException;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.UnknownOutcomeException;
import dev.switchover.storage.WriteSavedAsideException;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every error as JSON under {@code detail}, without a stack trace or a value of a record. */
final class ErrorAnswers {

    private static final Logger LOG = LoggerFactory.getLogger(ErrorAnswers.class);

    private ErrorAnswers() {}

    static void addTo(JavalinDefaultRoutingApi routes) {
        routes.exception(InvalidRecordException.class, (e, context) -> answer(context, 422, e))
                .exception(RecordRefusedException.class, (e, context) -> answer(context, 422, e))
                // The write was not done, but is not lost either: the message names the file.
                .exception(WriteSavedAsideException.class, (e, context) -> logged(context, e))
                .exception(UnknownOutcomeException.class, (e, context) -> logged(context, e))
                .exception(StoreUnavailableException.class, (e, context) -> answer(context, 503, e))
                .exception(FencedException.class, (e, context) -> answer(context, 503, e))
                .exception(StorageClosedException.class, (e, context) -> answer(context, 503, e))
                .exception(StorageException.class, ErrorAnswers::unexpected)
                .exception(HttpResponseException.class, (e, context) -> answer(context, e.getStatus(), e))
                .exception(Exception.class, ErrorAnswers::unexpected);
    }

    private static void logged(Context context, StorageException e) {
        LOG.warn("{} {}: {}", context.method(), context.path(), e.getMessage());
        answer(context, 503, e);
    }

    private static void unexpected(Exception e, Context context) {
        LOG.error("{} {} failed", context.method(), context.path(), e);
        json(context.status(500), Map.of("detail", "Internal error; the log of the service has more"));
    }

    private static void answer(Context context, int status, Exception e) {
        json(context.status(status), Map.of("detail", String.valueOf(e.getMessage())));
    }

    static void json(Context context, Object value) {
        context.contentType("application/json").result(VideoJson.write(value));
    }
}
