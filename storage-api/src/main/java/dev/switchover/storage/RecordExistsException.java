package dev.switchover.storage;

/** A record was to be created, but its id is taken. */
public final class RecordExistsException extends StorageException {

    private static final long serialVersionUID = 1;

    private final String collection;
    private final String id;

    public RecordExistsException(String collection, String id) {
        super("There is a record " + Shown.id(id) + " in " + collection + " already; use save or update to change it");
        this.collection = collection;
        this.id = id;
    }

    public String collection() {
        return collection;
    }

    /** The record's id, exactly; empty for the envelope. */
    public String id() {
        return id;
    }
}
