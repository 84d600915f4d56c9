package dev.switchover.storage;

/**
 * This instance no longer serves the collection: another one has switched it over. The write did not happen. Send the
 * request to an instance of the new phase, or restart this one with the new flags.
 */
public final class FencedException extends StorageException {

    private static final long serialVersionUID = 1;

    private final String collection;

    public FencedException(String collection, String message) {
        super(message);
        this.collection = collection;
    }

    public String collection() {
        return collection;
    }
}
