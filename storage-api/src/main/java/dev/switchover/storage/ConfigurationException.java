package dev.switchover.storage;

import java.util.List;

/** Settings that cannot be started with: all problems at once, each by the name the user typed. */
public final class ConfigurationException extends StorageException {

    private static final long serialVersionUID = 1;

    private final List<String> problems;

    public ConfigurationException(List<String> problems) {
        super(message(problems));
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }

    private static String message(List<String> problems) {
        if (problems.size() == 1) {
            return problems.get(0);
        }
        return problems.size() + " problems in the configuration:\n  - " + String.join("\n  - ", problems);
    }
}
