package dev.switchover.examples.expenses;

import java.util.List;

/** The service cannot be started as it was told to. */
final class InvalidSettingsException extends RuntimeException {

    private static final long serialVersionUID = 1;

    InvalidSettingsException(List<String> problems) {
        super(String.join("\n", problems));
    }
}
