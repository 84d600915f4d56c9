package dev.switchover.examples.materials;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says in one message why the service does not start; the storage's own messages say what to do. */
final class StartFailureAnalyzer extends AbstractFailureAnalyzer<StartFailedException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, StartFailedException cause) {
        @Nullable String action = null;
        return new FailureAnalysis(String.valueOf(cause.getMessage()), action, cause);
    }
}
