package dev.switchover.storage;

import org.jspecify.annotations.Nullable;

/** A record that at least one of the stores could not hold exactly; refused in every phase, nothing was written. */
public final class InvalidRecordException extends StorageException {

    private static final long serialVersionUID = 1;

    private final String collection;
    private final @Nullable String id;
    private final String path;
    private final String reason;

    /**
     * @param id the record's id, empty for the envelope, or null if it has none yet or it cannot be read
     * @param path JSON pointer (RFC 6901) to the offending value inside the record, {@code ""} for the whole record
     * @param reason what is wrong and what is allowed, without the value itself
     */
    public InvalidRecordException(String collection, @Nullable String id, String path, String reason) {
        super("Record " + (id == null ? "(new)" : Shown.id(id)) + " in " + collection
                + Shown.text((path.isEmpty() ? "" : " at " + path) + ": " + reason));
        this.collection = collection;
        this.id = id;
        this.path = path;
        this.reason = reason;
    }

    public String collection() {
        return collection;
    }

    public @Nullable String id() {
        return id;
    }

    public String path() {
        return path;
    }

    public String reason() {
        return reason;
    }
}
