package dev.switchover.examples.expenses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.BadRequestResponse;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** Turns request bodies into checked values. Members that are no field of the entry are ignored, but in a PATCH. */
final class EntryFields {

    private static final String DEFAULT_CURRENCY = "₪";

    private final EntryKind<?> kind;

    EntryFields(EntryKind<?> kind) {
        this.kind = kind;
    }

    /** What {@code POST} sends: everything required, defaults for the rest. */
    EntryValues forCreate(byte[] body) {
        ObjectNode object = RequestJson.object(body);
        Problems problems = new Problems();
        EntryValues values = read(object, problems);
        for (EntryField field : kind.fields()) {
            if (field.required() && !object.has(field.json())) {
                problems.add("missing", "Field required", "body", field.json());
            }
        }
        problems.refuseIfAny();
        if (!values.has(EntryField.CURRENCY)) {
            values.with(EntryField.CURRENCY, DEFAULT_CURRENCY);
        }
        return values;
    }

    /** What {@code PUT} sends: any subset of the fields. */
    EntryValues forPut(byte[] body) {
        Problems problems = new Problems();
        EntryValues values = read(RequestJson.object(body), problems);
        problems.refuseIfAny();
        return values;
    }

    /**
     * What {@code PATCH} sends: {@code {"field": …, "value": …}}.
     *
     * @throws BadRequestResponse if there is no such field
     */
    EntryValues forPatch(byte[] body) {
        ObjectNode object = RequestJson.object(body);
        Problems problems = new Problems();
        JsonNode name = object.get("field");
        JsonNode value = object.get("value");
        if (name == null) {
            problems.add("missing", "Field required", "body", "field");
        } else if (!name.isTextual()) {
            problems.add("string_type", "Input should be a string", "body", "field");
        }
        if (value == null) {
            problems.add("missing", "Field required", "body", "value");
        }
        problems.refuseIfAny();
        if (name == null || value == null) {
            throw new IllegalStateException("refused above");
        }
        Optional<EntryField> field = kind.field(name.textValue());
        if (field.isEmpty()) {
            throw new BadRequestResponse("There is no such field; an " + kind.name() + " has "
                    + String.join(
                            ", ", kind.fields().stream().map(EntryField::json).toList()));
        }
        EntryValues values = new EntryValues();
        field.get().read(value, "value", values, problems);
        problems.refuseIfAny();
        return values;
    }

    /** What {@code bulk-delete} sends: {@code {"ids": […]}}. An id too large for any record is one that does not exist. */
    static Set<Long> ids(byte[] body) {
        JsonNode list = RequestJson.object(body).get("ids");
        if (list == null) {
            throw Problems.only("missing", "Field required", "body", "ids");
        }
        if (!list.isArray()) {
            throw Problems.only("list_type", "Input should be an array", "body", "ids");
        }
        Problems problems = new Problems();
        Set<Long> ids = new LinkedHashSet<>();
        for (int i = 0; i < list.size(); i++) {
            JsonNode id = list.get(i);
            if (!id.isIntegralNumber()) {
                problems.add("int_type", "Input should be an integer", "body", "ids", i);
            } else if (id.canConvertToLong()) {
                ids.add(id.longValue());
            }
        }
        problems.refuseIfAny();
        return ids;
    }

    private EntryValues read(ObjectNode object, Problems problems) {
        EntryValues values = new EntryValues();
        for (EntryField field : kind.fields()) {
            JsonNode node = object.get(field.json());
            if (node != null) {
                field.read(node, field.json(), values, problems);
            }
        }
        return values;
    }
}
