package dev.switchover.examples.benchmarks.harness;

import org.jspecify.annotations.Nullable;

/** A call of this alternative failed, so the run has no result. */
public final class MeasurementFailedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    MeasurementFailedException(String alternative, @Nullable Throwable cause) {
        super("\"" + alternative + "\" failed while it was measured; no numbers are reported", cause);
    }
}
