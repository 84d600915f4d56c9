package dev.switchover.examples.materials;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A place in an item, by its path: {@code order.delivery.date}. The planner knows what belongs into most; of the others it takes
 * what was there before to be of the right kind. Immutable.
 */
record Cell(String path, List<String> names) {

    private static final int LONGEST = 200;
    private static final Pattern PATH = Pattern.compile("[^.]+(\\.[^.]+)*");

    /** @throws InvalidRequestException unless it is a path */
    static Cell at(String path) {
        if (path.length() > LONGEST || !PATH.matcher(path).matches()) {
            throw new InvalidRequestException(List.of("field: is no path of a cell; names are separated by dots"));
        }
        return new Cell(path, List.of(path.split("\\.")));
    }

    /** What the cell holds, or null. */
    @Nullable
    JsonNode in(ObjectNode item) {
        JsonNode at = item;
        for (String name : names) {
            at = at.get(name);
            if (at == null) {
                return null;
            }
        }
        return at;
    }

    /**
     * Puts a value into the cell; objects on the way to it are made where the planner knows the cell.
     *
     * @throws InvalidRequestException if the cell cannot be, or the value is none for it; then the item is as it was
     */
    void put(ObjectNode item, JsonNode value) {
        JsonNode before = in(item);
        CellKind kind = CellKind.of(path);
        if (kind == null) {
            requireKnown(before);
            kind = CellKind.like(before);
        }
        if (!kind.takes(value)) {
            throw new InvalidRequestException(List.of("value: " + path + " takes " + kind.description()));
        }
        parent(item).set(names.get(names.size() - 1), value);
    }

    private void requireKnown(@Nullable JsonNode before) {
        if (before == null || before.isContainerNode()) {
            throw new InvalidRequestException(List.of("field: the item has no cell " + path));
        }
    }

    private ObjectNode parent(ObjectNode item) {
        ObjectNode at = item;
        for (String name : names.subList(0, names.size() - 1)) {
            JsonNode next = at.get(name);
            if (next != null && !next.isObject() && !next.isNull()) {
                throw new InvalidRequestException(List.of("field: " + name + " of " + path + " is no object here"));
            }
            at = next instanceof ObjectNode object ? object : at.putObject(name);
        }
        return at;
    }
}
