package dev.switchover.examples.expenses.demo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What has to be in the stores, by the acknowledgements alone. Thread-safe. */
final class Expected implements AckJournal {

    private final Map<String, Map<String, String>> collections = new ConcurrentHashMap<>();
    private final Map<Integer, List<Change>> underWay = new ConcurrentHashMap<>();

    @Override
    public void tried(int writer, List<Change> changes) {
        underWay.put(writer, changes);
    }

    @Override
    public void acknowledged(int writer, List<Change> changes) {
        changes.forEach(this::apply);
        underWay.remove(writer);
    }

    void put(String collection, String id, String content) {
        records(collection).put(id, content);
    }

    @Nullable
    String content(String collection, String id) {
        return records(collection).get(id);
    }

    List<String> ids(String collection) {
        return new ArrayList<>(new TreeMap<>(records(collection)).keySet());
    }

    Map<String, String> copy(String collection) {
        return new HashMap<>(records(collection));
    }

    /**
     * Decides by what is there whether the writes happened that were under way when their process was killed. Either way is
     * right; half of one is not.
     *
     * @return what is wrong
     */
    List<String> settle(Snapshot actual) {
        List<String> problems = new ArrayList<>();
        underWay.forEach((writer, changes) -> settle(changes, actual, problems));
        underWay.clear();
        return problems;
    }

    private void settle(List<Change> changes, Snapshot actual, List<String> problems) {
        List<Change> happened = new ArrayList<>();
        for (Change change : changes) {
            Map<String, String> records = actual.records(change.collection());
            String id = change.id();
            if (id == null) {
                // A create, told from others by its content: the ids not known before.
                records.forEach((newId, content) -> {
                    if (content.equals(change.content()) && content(change.collection(), newId) == null) {
                        happened.add(change.withId(newId));
                    }
                });
            } else if (Objects.equals(records.get(id), change.content())) {
                happened.add(change);
            }
        }
        if (happened.size() == changes.size()) {
            happened.forEach(this::apply);
        } else if (!happened.isEmpty()) {
            problems.add("half of one write: " + happened.size() + " of " + changes.size() + " changes");
        }
    }

    private void apply(Change change) {
        String id = Objects.requireNonNull(change.id());
        if (change.content() == null) {
            records(change.collection()).remove(id);
        } else {
            records(change.collection()).put(id, change.content());
        }
    }

    private Map<String, String> records(String collection) {
        return collections.computeIfAbsent(collection, name -> new ConcurrentHashMap<>());
    }
}
