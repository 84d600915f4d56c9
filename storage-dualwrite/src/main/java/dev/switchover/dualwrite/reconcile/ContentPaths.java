package dev.switchover.dualwrite.reconcile;

import dev.switchover.storage.document.JsonPointers;
import dev.switchover.storage.document.JsonValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where two records differ, as JSON pointers; never what stands there. */
final class ContentPaths {

    private final int atMost;
    private final List<String> paths = new ArrayList<>();

    private ContentPaths(int atMost) {
        this.atMost = atMost;
    }

    /**
     * @param left JSON text that was checked, as the other
     * @param atMost how many paths; a subtree that only one of them has is one path
     * @return empty if only the texts differ: white space, the order of members, escapes
     */
    static List<String> of(byte[] left, byte[] right, int atMost) {
        ContentPaths found = new ContentPaths(atMost);
        found.compare("", JsonValue.of(left), JsonValue.of(right));
        return List.copyOf(found.paths);
    }

    private void compare(String path, JsonValue left, JsonValue right) {
        if (paths.size() >= atMost || left.sameText(right)) {
            return;
        }
        if (left.kind() != right.kind()) {
            paths.add(path);
            return;
        }
        switch (left.kind()) {
            case OBJECT -> members(path, left, right);
            case ARRAY -> elements(path, left.elements(), right.elements());
            case STRING -> addUnless(left.string().equals(right.string()), path);
            case NUMBER -> addUnless(left.number().equals(right.number()), path);
            case TRUE, FALSE, NULL -> {
                // Of one kind they are the same.
            }
        }
    }

    private void members(String path, JsonValue left, JsonValue right) {
        Map<String, JsonValue> others = new HashMap<>();
        right.members().forEach(member -> others.put(member.name(), member.value()));
        for (JsonValue.Member member : left.members()) {
            String below = path + "/" + JsonPointers.escape(member.name());
            JsonValue other = others.remove(member.name());
            if (other == null) {
                addUnless(false, below);
            } else {
                compare(below, member.value(), other);
            }
        }
        others.keySet().stream().sorted().forEach(name -> addUnless(false, path + "/" + JsonPointers.escape(name)));
    }

    private void elements(String path, List<JsonValue> left, List<JsonValue> right) {
        int both = Math.min(left.size(), right.size());
        for (int i = 0; i < both; i++) {
            compare(path + "/" + i, left.get(i), right.get(i));
        }
        for (int i = both; i < Math.max(left.size(), right.size()); i++) {
            addUnless(false, path + "/" + i);
        }
    }

    private void addUnless(boolean same, String path) {
        if (!same && paths.size() < atMost) {
            paths.add(path);
        }
    }
}
