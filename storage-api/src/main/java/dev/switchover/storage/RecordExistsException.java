package dev.switchover.storage;

/** A record was to be created, but its id is taken. */
public final class RecordExistsException extends StorageException {

    private static final long serialVersionUID = 1;

    private final String collection;
    private final String id;

    public RecordExistsException(String collection, String id) {
        super("There is a record " + id + " in " + collection + " already; use save or update to change it");
        this.collection = collection;
        this.id = id;
    }

    public String collection() {
        return collection;
    }

    public String id() {
        return id;
    }
}
