package dev.switchover.examples.videos;

import java.util.List;

/** The program cannot do what it was told to; the message says every problem. */
final class InvalidSettingsException extends RuntimeException {

    private static final long serialVersionUID = 1;

    InvalidSettingsException(List<String> problems) {
        super(String.join("\n", problems));
    }
}
