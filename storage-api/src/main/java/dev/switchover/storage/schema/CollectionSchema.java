package dev.switchover.storage.schema;

import dev.switchover.storage.CollectionDefinition;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A {@link CollectionDefinition} compiled: its ids, codec, columns and checks. Immutable and thread-safe; two schemas are equal
 * only if they are the same object.
 *
 * <p>All methods that take what a user gave throw {@link dev.switchover.storage.InvalidRecordException} with the path of the
 * offending value.
 */
public final class CollectionSchema<T, ID> {

    /** @throws dev.switchover.storage.ConfigurationException if class, id and layouts do not fit together, with every problem */
    public static <T, ID> CollectionSchema<T, ID> of(CollectionDefinition<T, ID> definition) {
        throw new UnsupportedOperationException();
    }

    public CollectionDefinition<T, ID> definition() {
        throw new UnsupportedOperationException();
    }

    public String name() {
        throw new UnsupportedOperationException();
    }

    public IdType idType() {
        throw new UnsupportedOperationException();
    }

    /** The canonical form of an id given by a caller. */
    public RecordId recordId(ID id) {
        throw new UnsupportedOperationException();
    }

    /** The id as the caller's class. */
    public ID id(RecordId id) {
        throw new UnsupportedOperationException();
    }

    /** Parses an id written as text, as in an object's key, a command line or a pending table; checks its form. */
    public RecordId parseId(String text) {
        throw new UnsupportedOperationException();
    }

    /** The number an id of type {@link IdType#LONG} stands for, otherwise 0: what the highest id is made of. */
    public long number(RecordId id) {
        throw new UnsupportedOperationException();
    }

    /**
     * Encodes and checks a record, laid out as the JSON layout says. The id is null if the record has none and the store is to
     * make it.
     */
    public CheckedRecord encode(T record) {
        throw new UnsupportedOperationException();
    }

    /** The body with the id property's value replaced, everything else untouched: for ids made by the store. */
    public byte[] withId(byte[] body, RecordId id) {
        throw new UnsupportedOperationException();
    }

    /** The body cut at the value of its id property, which is left out: what comes before it and what comes after it. */
    public byte[][] aroundId(byte[] body) {
        throw new UnsupportedOperationException();
    }

    /** Decodes a stored record. The id is put in where the body lies under a key and does not hold it itself. */
    public T decode(RecordId id, byte[] body) {
        throw new UnsupportedOperationException();
    }

    /**
     * Checks JSON text from outside (a file, a mirror, a backup): strict JSON, the limits, and that either store can hold it. The
     * text is kept as it is.
     *
     * @param key the id it is known by already, as the key of an object; null if the body has to tell
     */
    public CheckedRecord check(byte[] text, @Nullable RecordId key) {
        throw new UnsupportedOperationException();
    }

    /**
     * What an update stores: {@code changed} with the properties of {@code stored} that the record class does not know, and the
     * text of {@code stored} wherever nothing changed.
     */
    public byte[] merge(byte[] stored, byte[] changed) {
        throw new UnsupportedOperationException();
    }

    /** Checks an envelope: strict JSON with an empty container of the layout's shape at the layout's pointer. */
    public byte[] checkEnvelope(byte[] text) {
        throw new UnsupportedOperationException();
    }

    /**
     * Whether two bodies are the same record: for documents, the same text; for columns, the same row. Reconciling compares
     * by this.
     */
    public boolean sameContent(byte[] left, byte[] right) {
        throw new UnsupportedOperationException();
    }

    /** The mapping of properties to columns; empty for the document layout. */
    public Optional<ColumnMapping> columns() {
        throw new UnsupportedOperationException();
    }

    /** What is known of a property's values, by its path ({@code "stats.total"}); {@link PropertyKind#UNKNOWN} for others. */
    public PropertyKind kind(String property) {
        throw new UnsupportedOperationException();
    }
}
