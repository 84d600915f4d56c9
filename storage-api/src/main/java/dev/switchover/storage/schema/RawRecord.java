package dev.switchover.storage.schema;

/**
 * A record as it moves: JSON text, never an object of the service's.
 *
 * @param version from the collection's counter
 * @param order the place in the collection's order: the version the record was created with, or given by the file. Unique
 *     in its collection. 0 for the envelope
 * @param body JSON text in UTF-8, never to be changed in place
 */
public record RawRecord(RecordId id, long version, long order, byte[] body) {

    @Override
    public String toString() {
        return "record " + id + " version " + version + " (" + body.length + " bytes)";
    }
}
