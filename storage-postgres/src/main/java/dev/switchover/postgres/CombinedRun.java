package dev.switchover.postgres;

import dev.switchover.storage.UnknownOutcomeException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the calls of several callers, and tells each what its own came to.
 *
 * @param together carries them out
 * @param failures of the failure of all, what each caller is told; null where nothing of it happened and each is to be made alone
 */
record CombinedRun<C, R>(Together<C, R> together, Function<RuntimeException, @Nullable RuntimeException> failures) {

    /** Carries out several calls. */
    @FunctionalInterface
    interface Together<C, R> {

        /**
         * @param calls each with another key
         * @return what each came to, or null for one that had no effect at all and has to be made alone
         * @throws RuntimeException if it is not known of any of them
         */
        List<@Nullable R> run(List<C> calls);
    }

    /** Every caller is told when this returns, or throws an error. */
    void of(List<WaitingCall<C, R>> calls) {
        boolean ended = false;
        try {
            List<@Nullable R> results =
                    together.run(calls.stream().map(one -> one.call).toList());
            if (results.size() != calls.size()) {
                throw new IllegalStateException(results.size() + " results of " + calls.size() + " calls");
            }
            ended = true;
            for (int i = 0; i < results.size(); i++) {
                calls.get(i).tell(results.get(i));
            }
        } catch (RuntimeException e) {
            ended = true;
            calls.forEach(one -> one.fail(failures.apply(e)));
        } finally {
            if (!ended) {
                calls.forEach(one -> one.fail(new UnknownOutcomeException(
                        "Writing this together with others ended with an error. Read the record to find out", null)));
            }
        }
    }
}
