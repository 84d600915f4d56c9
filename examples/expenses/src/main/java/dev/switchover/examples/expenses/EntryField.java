package dev.switchover.examples.expenses;

import com.fasterxml.jackson.databind.JsonNode;

/** A field that a client may set, under the name it has in JSON. */
enum EntryField {
    DATE("date", true, FieldType.DATE),
    CATEGORY("category", true, FieldType.TEXT),
    AMOUNT("amount", true, FieldType.DECIMAL),
    ACCOUNT("account", true, FieldType.TEXT),
    BUSINESS("business", false, FieldType.FLAG),
    CURRENCY("currency", false, FieldType.TEXT),
    NOTES("notes", false, FieldType.TEXT);

    private final String json;
    private final boolean required;
    private final FieldType type;

    EntryField(String json, boolean required, FieldType type) {
        this.json = json;
        this.required = required;
        this.type = type;
    }

    String json() {
        return json;
    }

    /** Whether an entry cannot be created without it, and whether it cannot be cleared. */
    boolean required() {
        return required;
    }

    /**
     * Takes the value a client sent over into {@code values}, or notes what is wrong with it under the place it was sent
     * at. A null clears a field that is not required.
     */
    void read(JsonNode node, String place, EntryValues values, Problems problems) {
        if (node.isNull() && !required) {
            values.with(this, null);
            return;
        }
        Object value = type.read(node, place, problems);
        if (value != null) {
            values.with(this, value);
        }
    }
}
