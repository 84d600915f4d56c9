package dev.switchover.examples.embedded;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a service that was killed has to have: of each key the value it acknowledged last, or one that it was asked for and had not
 * answered. Each key is written by one thread at a time. Thread-safe.
 */
public final class Acknowledged {

    private final Map<String, Set<Optional<String>>> allowed = new ConcurrentHashMap<>();
    private int answers;

    /** Before a request is sent. Empty stands for a key that is to be gone. */
    public void sending(String key, Optional<String> value) {
        allowed.compute(key, (same, before) -> {
            Set<Optional<String>> values = new HashSet<>(before == null ? Set.of(Optional.empty()) : before);
            values.add(value);
            return values;
        });
    }

    /** The service said that it is so. */
    public synchronized void done(String key, Optional<String> value) {
        allowed.put(key, Set.of(value));
        answers++;
    }

    /** The service said that this has not happened. */
    public void refused(String key, Optional<String> value) {
        allowed.computeIfPresent(key, (same, values) -> {
            Set<Optional<String>> left = new HashSet<>(values);
            left.remove(value);
            return left;
        });
    }

    /** How many requests were acknowledged so far. */
    public synchronized int answers() {
        return answers;
    }

    /**
     * Compares with what is there, and takes that for what has to be there from now on.
     *
     * @throws AssertionError if anything is missing, older, or was never asked for
     */
    public void compare(Map<String, String> found) {
        List<String> wrong = new ArrayList<>();
        allowed.forEach((key, values) -> {
            Optional<String> there = Optional.ofNullable(found.get(key));
            if (!values.contains(there)) {
                wrong.add(key + " is " + there + " and not one of " + values);
            }
        });
        found.keySet().stream()
                .filter(key -> !allowed.containsKey(key))
                .forEach(key -> wrong.add(key + " is there, but nobody asked for it"));
        if (!wrong.isEmpty()) {
            throw new AssertionError(
                    wrong.size() + " of " + allowed.size() + " are wrong:\n" + String.join("\n", wrong));
        }
        allowed.replaceAll((key, values) -> Set.of(Optional.ofNullable(found.get(key))));
    }
}
