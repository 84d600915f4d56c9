package dev.switchover.examples.expenses.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** What differs, in words; at most a few of each kind, and counts of all. */
final class Comparison {

    private static final int SHOWN = 5;
    private static final List<String> COLLECTIONS = List.of(StoreReader.EXPENSES, StoreReader.EARTHQUAKES);

    private Comparison() {}

    /** How many records differ between two stores. */
    static int drift(Snapshot one, Snapshot other) {
        int drift = 0;
        for (String collection : COLLECTIONS) {
            drift += differing(one.records(collection), other.records(collection))
                    .size();
        }
        return drift;
    }

    /** What a store lacks or has otherwise than expected. */
    static List<String> with(Map<String, Map<String, String>> expected, Snapshot actual, String store) {
        List<String> problems = new ArrayList<>();
        for (String collection : COLLECTIONS) {
            Map<String, String> wanted = expected.getOrDefault(collection, Map.of());
            Map<String, String> found = actual.records(collection);
            Set<String> ids = differing(wanted, found);
            if (!ids.isEmpty()) {
                problems.add(store + " has " + ids.size() + " records of " + collection
                        + " that differ from what was acknowledged");
            }
            ids.stream()
                    .limit(SHOWN)
                    .map(id -> "  " + collection + " " + id + ": acknowledged " + wanted.get(id) + ", found "
                            + found.get(id))
                    .forEach(problems::add);
        }
        return problems;
    }

    /** Whether both stores have the same records in the same order, inside the same envelope. */
    static List<String> equality(Snapshot json, Snapshot postgresql) {
        List<String> problems = new ArrayList<>();
        for (String collection : COLLECTIONS) {
            List<String> one = List.copyOf(json.records(collection).keySet());
            List<String> other = List.copyOf(postgresql.records(collection).keySet());
            if (!one.equals(other)) {
                problems.add(collection + ": the order in JSON is not the order in PostgreSQL");
            }
        }
        if (!Objects.equals(json.envelope(), postgresql.envelope())) {
            problems.add("the envelope differs: " + json.envelope() + " and " + postgresql.envelope());
        }
        return problems;
    }

    private static Set<String> differing(Map<String, String> one, Map<String, String> other) {
        Set<String> ids = new TreeSet<>(one.keySet());
        ids.addAll(other.keySet());
        ids.removeIf(id -> Objects.equals(one.get(id), other.get(id)));
        return ids;
    }
}
