package dev.switchover.examples.expenses.demo;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Everything one store holds, read without the library: by collection, id and order. */
final class Snapshot {

    private final Map<String, Map<String, String>> collections = new TreeMap<>();
    private @Nullable String envelope;

    /** @throws IllegalStateException if the id is there already */
    void add(String collection, String id, String content) {
        String earlier = collections
                .computeIfAbsent(collection, name -> new LinkedHashMap<>())
                .put(id, content);
        if (earlier != null) {
            throw new IllegalStateException("There are two records " + id + " in " + collection);
        }
    }

    void envelope(String text) {
        envelope = text;
    }

    @Nullable
    String envelope() {
        return envelope;
    }

    /** In the store's order. */
    Map<String, String> records(String collection) {
        return collections.getOrDefault(collection, Map.of());
    }
}
