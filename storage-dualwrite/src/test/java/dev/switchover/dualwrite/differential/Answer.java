package dev.switchover.dualwrite.differential;

import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.MixedPhasesException;
import dev.switchover.storage.RecordExistsException;
import dev.switchover.storage.VersionConflictException;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * What came of an operation.
 *
 * @param facts of a failure: collection, id, path, versions
 * @param reason what a refusal says; the model does not know it, but all stores have to say the same
 */
record Answer(@Nullable Object value, @Nullable String failure, String facts, String reason) {

    /** What it refers to was never made. */
    static final String SKIPPED = "(skipped)";

    /** The work's own exception. */
    static final class OwnFailure extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    static Answer of(@Nullable Object value) {
        return new Answer(value, null, "", "");
    }

    static Answer invalid(String collection, String path) {
        return new Answer(null, "invalid", collection + " " + path, "");
    }

    static Answer exists(String collection, String id) {
        return new Answer(null, "exists", collection + " " + id, "");
    }

    static Answer conflict(String collection, String id, long expected, long actual) {
        return new Answer(null, "conflict", collection + " " + id + " " + expected + " " + actual, "");
    }

    static Answer failed(String kind) {
        return new Answer(null, kind, "", "");
    }

    /** Errors that nobody expects are answers too, so that they are compared and shrunk like others. */
    static Answer from(Callable<?> call) {
        try {
            return of(call.call());
        } catch (InvalidRecordException e) {
            return new Answer(null, "invalid", e.collection() + " " + e.path(), e.reason());
        } catch (RecordExistsException e) {
            return exists(e.collection(), e.id());
        } catch (VersionConflictException e) {
            return conflict(e.collection(), e.id(), e.expected(), e.actual());
        } catch (MixedPhasesException e) {
            return failed("mixed");
        } catch (OwnFailure e) {
            return failed("own");
        } catch (IllegalArgumentException e) {
            return new Answer(null, "argument", "", String.valueOf(e.getMessage()));
        } catch (Exception e) {
            StringBuilder causes = new StringBuilder(e.toString());
            for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
                causes.append(" <- ").append(cause);
            }
            return new Answer(null, "unexpected", causes.toString(), "");
        }
    }

    boolean succeeded() {
        return failure == null;
    }

    boolean matches(Answer other) {
        return Objects.equals(value, other.value)
                && Objects.equals(failure, other.failure)
                && facts.equals(other.facts);
    }

    /** The versions a conflict tells of: expected, actual. */
    long actualVersion() {
        return "conflict".equals(failure) ? Long.parseLong(facts.substring(facts.lastIndexOf(' ') + 1)) : -1;
    }

    @Override
    public String toString() {
        String text = failure == null ? String.valueOf(value) : failure + " [" + facts + "] " + reason;
        return text.length() > 2_000 ? text.substring(0, 2_000) + "…" : text;
    }
}
