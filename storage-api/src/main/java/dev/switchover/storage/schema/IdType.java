package dev.switchover.storage.schema;

import java.util.Comparator;

/** The type of a collection's ids, and the order the reconciler walks them in: the same in both stores. */
public enum IdType {
    /** Canonical text: decimal, no leading zeros or plus. Ordered by value; {@code bigint} in PostgreSQL. */
    LONG((left, right) -> RecordId.compareIntegers(left.text(), right.text())),
    /** Ordered by code point; {@code text COLLATE "C"} in PostgreSQL. */
    STRING(RecordId.BY_CODE_POINT),
    /** Canonical text: lower case. Ordered by unsigned bytes; {@code uuid} in PostgreSQL. */
    UUID(RecordId.BY_CODE_POINT),
    /**
     * Canonical text: the compact JSON array of the properties' values. Ordered by code point; {@code text COLLATE "C"} in
     * PostgreSQL.
     */
    COMPOSED(RecordId.BY_CODE_POINT);

    private final Comparator<RecordId> order;

    IdType(Comparator<RecordId> order) {
        this.order = order;
    }

    /** Ascending; the envelope before all records. */
    public Comparator<RecordId> order() {
        return (left, right) -> {
            if (left.isEnvelope() || right.isEnvelope()) {
                return Boolean.compare(!left.isEnvelope(), !right.isEnvelope());
            }
            return order.compare(left, right);
        };
    }
}
