package dev.switchover.storage;

/**
 * The file around the records, as JSON text: {@code {"currency": "EUR", "sections": []}}. The container of the records
 * is empty in it. Durable, mirrored and versioned like a record.
 */
public interface Envelope {

    /** The JSON text, with an empty container where the records are. */
    String read();

    /**
     * Replaces the other members. The text is kept as it is, but for white space inside the empty container.
     *
     * @param json must hold an empty container at the place the layout names
     * @throws InvalidRecordException if it does not, or if a value could not be kept exactly
     */
    void write(String json);
}
