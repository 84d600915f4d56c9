package dev.switchover.storage;

/** A record was changed by somebody else since it was read. Read it again, decide again. */
public final class VersionConflictException extends StorageException {

    private static final long serialVersionUID = 1;

    private final String collection;
    private final String id;
    private final long expected;
    private final long actual;

    /**
     * @param id the record's, empty for the envelope
     * @param actual the stored version, or 0 if there is no record
     */
    public VersionConflictException(String collection, String id, long expected, long actual) {
        super("Record " + Shown.id(id) + " in " + collection + ": expected " + word(expected) + " but found "
                + word(actual) + "; read it again before saving");
        this.collection = collection;
        this.id = id;
        this.expected = expected;
        this.actual = actual;
    }

    public String collection() {
        return collection;
    }

    /** The record's id, exactly; empty for the envelope. */
    public String id() {
        return id;
    }

    public long expected() {
        return expected;
    }

    /** The stored version, or 0 if there is no record. */
    public long actual() {
        return actual;
    }

    private static String word(long version) {
        return version == 0 ? "no record" : "version " + version;
    }
}
