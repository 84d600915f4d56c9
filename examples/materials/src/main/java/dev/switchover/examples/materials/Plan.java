package dev.switchover.examples.materials;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A whole document, taken apart.
 *
 * @param envelope the document with no sections in it
 * @param sections by id, in order
 */
record Plan(ObjectNode envelope, Map<String, ObjectNode> sections) {

    /** @throws InvalidRequestException with every problem of the document's shape */
    static Plan of(ObjectNode document) {
        List<String> problems = new ArrayList<>();
        Map<String, ObjectNode> sections = new LinkedHashMap<>();
        JsonNode list = document.path("sections");
        if (!list.isArray()) {
            throw new InvalidRequestException(List.of("sections: should be a list"));
        }
        for (int i = 0; i < list.size(); i++) {
            String place = "sections/" + i;
            if (!(list.get(i) instanceof ObjectNode section)) {
                problems.add(place + ": should be an object");
                continue;
            }
            String id = section.path("id").asText("");
            if (!section.path("id").isTextual() || id.isEmpty()) {
                problems.add(place + "/id: should be a text");
            } else if (sections.put(id, section) != null) {
                problems.add(place + "/id: is the id of an earlier section too");
            }
            items(section, place, problems);
        }
        if (!problems.isEmpty()) {
            throw new InvalidRequestException(problems);
        }
        ObjectNode envelope = document.deepCopy();
        envelope.putArray("sections");
        return new Plan(envelope, sections);
    }

    private static void items(ObjectNode section, String place, List<String> problems) {
        JsonNode items = section.path("items");
        if (!items.isArray()) {
            problems.add(place + "/items: should be a list");
        }
        for (int i = 0; i < items.size(); i++) {
            if (!items.get(i).isObject()) {
                problems.add(place + "/items/" + i + ": should be an object");
            }
        }
    }
}
