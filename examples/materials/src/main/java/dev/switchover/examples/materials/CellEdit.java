package dev.switchover.examples.materials;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code PATCH} asks for: {@code {"section": "kitchen", "item": 0, "field": "price.ttc", "value": 129.90}}.
 *
 * @param was what the caller saw in the cell, or null if it does not care: items have no id, and the one meant may have another
 *     place by now
 */
record CellEdit(
        String section,
        int item,
        Cell cell,
        JsonNode value,
        @Nullable JsonNode was) {

    private static final List<String> MEMBERS = List.of("section", "item", "field", "value", "was");

    /** @throws InvalidRequestException with every problem */
    static CellEdit read(ObjectNode body) {
        List<String> problems = new ArrayList<>();
        body.fieldNames().forEachRemaining(name -> {
            if (!MEMBERS.contains(name)) {
                problems.add(name + ": is no member of an edit; there are " + String.join(", ", MEMBERS));
            }
        });
        JsonNode section = body.path("section");
        if (!section.isTextual()) {
            problems.add("section: the id of a section is missing");
        }
        JsonNode item = body.path("item");
        if (!item.isInt() || item.intValue() < 0) {
            problems.add("item: the place of the item in the section is missing; the first is 0");
        }
        JsonNode field = body.path("field");
        if (!field.isTextual()) {
            problems.add("field: the path of the cell is missing, as in price.ttc");
        }
        JsonNode value = body.path("value");
        if (value.isMissingNode()) {
            problems.add("value: is missing; null empties the cell");
        }
        if (!problems.isEmpty()) {
            throw new InvalidRequestException(problems);
        }
        Cell cell = Cell.at(field.textValue());
        return new CellEdit(section.textValue(), item.intValue(), cell, value, body.get("was"));
    }
}
