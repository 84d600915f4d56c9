package dev.switchover.storage.schema;

import dev.switchover.storage.CollectionDefinition;
import java.util.List;
import java.util.Objects;
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

    private final CollectionDefinition<T, ID> definition;
    private final RecordProperties properties;
    private final IdRules<ID> ids;
    private final @Nullable ColumnMapping columns;
    private final BodyRules<T> bodies;

    CollectionSchema(
            CollectionDefinition<T, ID> definition,
            RecordProperties properties,
            IdRules<ID> ids,
            @Nullable ColumnMapping columns,
            BodyRules<T> bodies) {
        this.definition = definition;
        this.properties = properties;
        this.ids = ids;
        this.columns = columns;
        this.bodies = bodies;
    }

    /** @throws dev.switchover.storage.ConfigurationException if class, id and layouts do not fit together, with every problem */
    public static <T, ID> CollectionSchema<T, ID> of(CollectionDefinition<T, ID> definition) {
        return new SchemaCompiler<>(definition).compile();
    }

    public CollectionDefinition<T, ID> definition() {
        return definition;
    }

    public String name() {
        return definition.name();
    }

    public IdType idType() {
        return ids.type();
    }

    /** The canonical form of an id given by a caller. */
    public RecordId recordId(ID id) {
        return ids.canonical(Objects.requireNonNull(id, () -> "id: null is the id of no record in " + name()));
    }

    /** The id as the caller's class. */
    public ID id(RecordId id) {
        return ids.value(id);
    }

    /** Parses an id written as text, as in an object's key, a command line or a pending table; checks its form. */
    public RecordId parseId(String text) {
        return ids.parse(text);
    }

    /** An id as reports and command lines have it: the empty text is the envelope, where there is one. */
    public RecordId parseIdOrEnvelope(String text) {
        return text.isEmpty() && definition.jsonLayout().hasEnvelope() ? RecordId.ENVELOPE : parseId(text);
    }

    /** The number an id of type {@link IdType#LONG} stands for, otherwise 0: what the highest id is made of. */
    public long number(RecordId id) {
        return idType() == IdType.LONG && !id.isEnvelope() ? Long.parseLong(id.text()) : 0;
    }

    /**
     * Encodes and checks a record, laid out as the JSON layout says. The id is null if the record has none and the store is to
     * make it.
     *
     * <p>A {@code PRETTY} body is indented so that it can be put into its file as it is: its first line not at all, the others
     * as deep as it lies there, one level for the container and one for each key of the layout's pointer. {@code LINES} and
     * {@code COMPACT} bodies are one line. For columns the body is what {@link ColumnMapping#fromRow} gives back.
     */
    public CheckedRecord encode(T record) {
        return bodies.encode(Objects.requireNonNull(record, () -> "record: null cannot be stored in " + name()));
    }

    /** The body with the id property's value replaced, everything else untouched: for ids made by the store. */
    public byte[] withId(byte[] body, RecordId id) {
        return bodies.put(body, id);
    }

    /** The body cut at the value of its id property, which is left out: what comes before it and what comes after it. */
    public byte[][] aroundId(byte[] body) {
        return IdPlace.around(body, ids.properties().get(0));
    }

    /** Decodes a stored record. The id is put in where the body lies under a key and does not hold it itself. */
    public T decode(RecordId id, byte[] body) {
        return bodies.decode(id, body);
    }

    /**
     * JSON pointers of the properties that the record class does not know. They survive, but the service never sees them.
     *
     * @param id the record's, as in {@link #decode}
     * @throws dev.switchover.storage.InvalidRecordException if the text does not fit the class, so that every read of it fails
     */
    public List<String> unknownProperties(RecordId id, byte[] body) {
        return bodies.unknown(id, body);
    }

    /**
     * Checks JSON text from outside (a file, a mirror, a backup): strict JSON, the limits, and that either store can hold it. The
     * text is kept as it is.
     *
     * @param key the id it is known by already, as the key of an object; null if the body has to tell
     */
    public CheckedRecord check(byte[] text, @Nullable RecordId key) {
        return bodies.check(text, key);
    }

    /**
     * What an update stores: {@code changed} with the properties of {@code stored} that the record class does not know, and the
     * text of {@code stored} wherever nothing changed.
     */
    public byte[] merge(byte[] stored, byte[] changed) {
        return bodies.merge(stored, changed);
    }

    /** Checks an envelope: strict JSON with an empty container of the layout's shape at the layout's pointer. */
    public byte[] checkEnvelope(byte[] text) {
        return bodies.envelope(text);
    }

    /**
     * Whether two bodies are the same record: for documents, the same text; for columns, the same row. Reconciling compares
     * by this.
     */
    public boolean sameContent(byte[] left, byte[] right) {
        return bodies.same(left, right);
    }

    /** The mapping of properties to columns; empty for the document layout. */
    public Optional<ColumnMapping> columns() {
        return Optional.ofNullable(columns);
    }

    /** What is known of a property's values, by its path ({@code "stats.total"}); {@link PropertyKind#UNKNOWN} for others. */
    public PropertyKind kind(String property) {
        return properties.kind(property);
    }
}
