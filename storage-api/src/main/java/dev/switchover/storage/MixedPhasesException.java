package dev.switchover.storage;

/** A unit of work over collections whose primaries differ; it could not be atomic. Nothing was written. */
public final class MixedPhasesException extends StorageException {

    private static final long serialVersionUID = 1;

    public MixedPhasesException(String message) {
        super(message);
    }
}
