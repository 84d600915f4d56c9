package dev.switchover.storage;

/** The two places records can live in. Which of them is the primary depends on the {@link Phase}. */
public enum Store {
    JSON("JSON"),
    POSTGRESQL("PostgreSQL");

    private final String label;

    Store(String label) {
        this.label = label;
    }

    /** The name people know it by, for messages. */
    public String label() {
        return label;
    }

    public Store other() {
        return this == JSON ? POSTGRESQL : JSON;
    }
}
