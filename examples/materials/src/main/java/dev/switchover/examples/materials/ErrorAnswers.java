package dev.switchover.examples.materials;

import dev.switchover.storage.FencedException;
import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.MixedPhasesException;
import dev.switchover.storage.RecordRefusedException;
import dev.switchover.storage.StorageClosedException;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.UnknownOutcomeException;
import dev.switchover.storage.VersionConflictException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** Every error as a problem (RFC 9457). No answer has a stack trace or a value of a record in it. */
@RestControllerAdvice
class ErrorAnswers extends ResponseEntityExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ErrorAnswers.class);
    private static final String RETRY_AFTER_SECONDS = "5";

    @ExceptionHandler({InvalidRequestException.class, InvalidRecordException.class, RecordRefusedException.class})
    ResponseEntity<ProblemDetail> invalid(RuntimeException e) {
        return problem(HttpStatus.UNPROCESSABLE_CONTENT, e.getMessage());
    }

    @ExceptionHandler(NoSuchItemException.class)
    ResponseEntity<ProblemDetail> absent(NoSuchItemException e) {
        return problem(HttpStatus.NOT_FOUND, e.getMessage());
    }

    @ExceptionHandler({ChangedMeanwhileException.class, VersionConflictException.class})
    ResponseEntity<ProblemDetail> changed(RuntimeException e) {
        return problem(HttpStatus.CONFLICT, e.getMessage());
    }

    @ExceptionHandler({StoreUnavailableException.class, FencedException.class, StorageClosedException.class})
    ResponseEntity<ProblemDetail> unavailable(StorageException e) {
        return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
                .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS)
                .body(detail(HttpStatus.SERVICE_UNAVAILABLE, e.getMessage()));
    }

    /** No Retry-After: whoever sends it again without looking may write the history twice. */
    @ExceptionHandler(UnknownOutcomeException.class)
    ResponseEntity<ProblemDetail> unknownOutcome(UnknownOutcomeException e) {
        LOG.warn("{}", e.getMessage());
        return problem(
                HttpStatus.SERVICE_UNAVAILABLE,
                "The change may have happened or not; look before you send it again. " + e.getMessage());
    }

    /** An edit changes two collections; flags that send them to different stores are a mistake of the operator's. */
    @ExceptionHandler(MixedPhasesException.class)
    ResponseEntity<ProblemDetail> mixed(MixedPhasesException e) {
        LOG.warn("{}", e.getMessage());
        return problem(HttpStatus.SERVICE_UNAVAILABLE, e.getMessage());
    }

    /** What the operator asked for: an export, a verification. */
    @ExceptionHandler(StorageException.class)
    ResponseEntity<ProblemDetail> failed(StorageException e) {
        LOG.warn("{}", e.getMessage());
        return problem(HttpStatus.INTERNAL_SERVER_ERROR, e.getMessage());
    }

    @ExceptionHandler(RuntimeException.class)
    ResponseEntity<ProblemDetail> unexpected(RuntimeException e) {
        LOG.error("A request failed", e);
        return problem(HttpStatus.INTERNAL_SERVER_ERROR, "Internal error; the log of the service has more");
    }

    private static ResponseEntity<ProblemDetail> problem(HttpStatus status, @Nullable String text) {
        return ResponseEntity.status(status).body(detail(status, text));
    }

    private static ProblemDetail detail(HttpStatus status, @Nullable String text) {
        return ProblemDetail.forStatusAndDetail(status, text);
    }
}
