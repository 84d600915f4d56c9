package dev.switchover.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchover.json.DirectoryLockedException;
import dev.switchover.storage.ConfigurationException;
import dev.switchover.storage.CorruptFileException;
import dev.switchover.storage.FencedException;
import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.RecordRefusedException;
import dev.switchover.storage.RequestFailedException;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.UnknownOutcomeException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a command could not do what it was asked for, as people and scripts are told. Never a stack trace.
 *
 * @param code of a refusal, as in docs/refusals.md; null where there is none
 * @param facts what was seen, or every problem of a configuration
 * @param remedy what to do next; null where the message says it
 */
record Failure(
        ExitCode exit,
        @Nullable String code,
        String message,
        List<String> facts,
        @Nullable String remedy) {

    Failure {
        facts = List.copyOf(facts);
    }

    static Failure of(Exception e) {
        String message = String.valueOf(e.getMessage());
        if (e instanceof StartRefusedException refused) {
            ExitCode exit = switch (refused.code()) {
                case "DATABASE-UNREACHABLE", "AUTHORITY-UNREACHABLE", "STORE-WENT-AWAY" -> ExitCode.UNREACHABLE;
                case "DATABASE-NOT-CONFIGURED" -> ExitCode.USAGE;
                default -> ExitCode.REFUSED;
            };
            return new Failure(exit, refused.code(), message, refused.facts(), refused.remedy());
        } else if (e instanceof DirectoryLockedException) {
            return plain(ExitCode.REFUSED, "DIRECTORY-LOCKED", message);
        } else if (e instanceof ConfigurationException wrong) {
            return new Failure(ExitCode.USAGE, null, message, wrong.problems(), null);
        } else if (e instanceof RequestFailedException request && request.isUnanswered()) {
            return plain(ExitCode.UNREACHABLE, null, message);
        } else if (e instanceof StoreUnavailableException || e instanceof UnknownOutcomeException) {
            return plain(ExitCode.UNREACHABLE, null, message);
        } else if (e instanceof CorruptFileException) {
            return plain(ExitCode.UNREADABLE, null, message);
        } else if (e instanceof InvalidRecordException) {
            return plain(ExitCode.USAGE, null, message);
        } else if (e instanceof FencedException || e instanceof RecordRefusedException) {
            return plain(ExitCode.REFUSED, null, message);
        } else if (e instanceof NotConfirmedException) {
            return plain(ExitCode.NOT_CONFIRMED, null, message);
        } else if (e instanceof StorageException) {
            return plain(ExitCode.REFUSED, null, message);
        }
        return plain(
                ExitCode.FAILED,
                null,
                "This is a mistake in Switchover (" + e.getClass().getSimpleName()
                        + "); what was begun may be half done. Run it again with --verbose and report what it prints.");
    }

    private static Failure plain(ExitCode exit, @Nullable String code, String message) {
        return new Failure(exit, code, message, List.of(), null);
    }

    ObjectNode json() {
        ObjectNode error = JsonNodeFactory.instance.objectNode();
        error.put("code", code);
        error.put("message", message);
        ArrayNode list = error.putArray("facts");
        facts.forEach(list::add);
        error.put("remedy", remedy);
        return error;
    }
}
