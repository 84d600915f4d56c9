package dev.switchover.dualwrite.differential;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The records of one collection, in order. A copy is cheap and shares nothing that changes but the versions' numbers. */
final class ModelRecords {

    /** What a write gave; its number is not known until somebody reads it. */
    static final class Version {
        private long number = -1;
    }

    /**
     * One record.
     *
     * @param json as its table would give it back, where there are columns
     * @param exact the text, if it is known to the last blank
     * @param asPut the text as it came from outside, which files keep also where there are columns
     */
    record Kept(
            Shape<?, ?> shape,
            Object id,
            Json.Obj json,
            @Nullable String exact,
            @Nullable String asPut,
            long order,
            Version version) {

        /** As the record class sees it. */
        Object record() {
            return shape.decode(json);
        }
    }

    private final Shape<?, ?> shape;
    private final LinkedHashMap<String, Kept> byId;
    private final Map<Long, Version> numbers;
    private long lastOrder;
    private long highestId;
    private @Nullable String envelope;

    ModelRecords(Shape<?, ?> shape) {
        this(shape, new LinkedHashMap<>(), new LinkedHashMap<>(), 0, null);
    }

    private ModelRecords(
            Shape<?, ?> shape,
            LinkedHashMap<String, Kept> byId,
            Map<Long, Version> numbers,
            long lastOrder,
            @Nullable String envelope) {
        this.shape = shape;
        this.byId = byId;
        this.numbers = numbers;
        this.lastOrder = lastOrder;
        this.envelope = envelope;
    }

    ModelRecords copy() {
        ModelRecords copy = new ModelRecords(shape, new LinkedHashMap<>(byId), numbers, lastOrder, envelope);
        copy.highestId = highestId;
        return copy;
    }

    Shape<?, ?> shape() {
        return shape;
    }

    Iterable<Kept> inOrder() {
        return byId.values();
    }

    int size() {
        return byId.size();
    }

    @Nullable
    Kept find(Object id) {
        return byId.get(shape.idText(id));
    }

    @Nullable
    String envelope() {
        return envelope;
    }

    void envelope(String text) {
        envelope = text;
    }

    /** One with the id keeps its place; a new one goes last. */
    Kept put(Object id, Json.Obj json, @Nullable String exact, @Nullable String asPut) {
        Kept old = find(id);
        Kept kept = new Kept(shape, id, json, exact, asPut, old == null ? ++lastOrder : old.order(), new Version());
        byId.put(shape.idText(id), kept);
        highestId = id instanceof Long number ? Math.max(highestId, number) : highestId;
        return kept;
    }

    /** The highest id there ever was here. */
    long highestId() {
        return highestId;
    }

    boolean delete(Object id) {
        return byId.remove(shape.idText(id)) != null;
    }

    /** The number of a record's version: what is known, or what the store says if no other version had that number. */
    long number(@Nullable Version version, long said) {
        if (version == null) {
            return 0;
        }
        if (version.number < 0 && said > 0 && numbers.putIfAbsent(said, version) == null) {
            version.number = said;
        }
        return version.number;
    }
}
