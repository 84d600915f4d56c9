package dev.switchover.storage;

import org.jspecify.annotations.Nullable;

/**
 * The store refuses this record for a reason of its own, such as a constraint or a permission; trying again will not help.
 * Nothing was written.
 */
public final class RecordRefusedException extends StorageException {

    private static final long serialVersionUID = 1;

    private final String collection;
    private final @Nullable String id;
    private final String reason;

    /** @param reason what the store said, without record values; an SQLSTATE where there is one */
    public RecordRefusedException(String collection, @Nullable String id, String reason, @Nullable Throwable cause) {
        super(
                "Record " + (id == null ? "(one of a batch)" : Shown.id(id)) + " in " + collection + " was refused: "
                        + Shown.text(reason),
                cause);
        this.collection = collection;
        this.id = id;
        this.reason = reason;
    }

    public String collection() {
        return collection;
    }

    public @Nullable String id() {
        return id;
    }

    public String reason() {
        return reason;
    }
}
