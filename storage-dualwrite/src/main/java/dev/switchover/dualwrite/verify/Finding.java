package dev.switchover.dualwrite.verify;

import dev.switchover.dualwrite.reconcile.Difference.Kind;
import dev.switchover.dualwrite.reconcile.Verification;
import dev.switchover.dualwrite.reconcile.Verification.Why;
import dev.switchover.storage.Shown;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One id that the stores do not hold alike. Never a value.
 *
 * @param id exactly; empty for the envelope
 * @param kind as seen from the primary: {@code MISSING} in the other store, {@code EXTRA} there, {@code CONTENT}, {@code ORDER}, {@code
 *     UNREADABLE}
 * @param why it differs
 * @param paths of a difference in content: JSON pointers, at most 20; empty if only the texts differ
 * @param primaryVersion 0 where the record is not, -1 where it cannot be read
 * @param hint what probably happened, or null
 */
public record Finding(
        String id,
        Kind kind,
        Why why,
        List<String> paths,
        long primaryVersion,
        long otherVersion,
        @Nullable String hint) {

    public Finding {
        paths = List.copyOf(paths);
    }

    /** The same for people. */
    public static Finding of(Verification.Finding found) {
        return new Finding(
                found.id().text(),
                found.kind(),
                found.why(),
                found.paths(),
                found.primaryVersion(),
                found.mirrorVersion(),
                found.why() == Why.DRIFT ? hint(found) : null);
    }

    private static @Nullable String hint(Verification.Finding found) {
        if (found.kind() == Kind.UNREADABLE) {
            return "what is stored there is no record of the collection: somebody wrote it by hand";
        }
        if (found.kind() == Kind.CONTENT && found.primaryVersion() == found.mirrorVersion()) {
            return "one version with two contents: one of the stores was written round the library";
        }
        if (found.primaryVersion() > 0 && found.mirrorVersion() > found.primaryVersion()) {
            return "the mirror has the later version: an older copy of the primary may have been put back";
        }
        return null;
    }

    @Override
    public String toString() {
        return kind + " " + Shown.id(id) + " (" + why + ")"
                + (paths.isEmpty() ? "" : Shown.text(" at " + String.join(", ", paths)));
    }
}
