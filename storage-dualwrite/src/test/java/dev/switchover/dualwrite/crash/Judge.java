package dev.switchover.dualwrite.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Remembers, outside the process that is killed, what one world has acknowledged, refused and left open, and judges what a later
 * start finds: the acknowledged is there and the deleted is gone, an open operation is there whole or not at all, nothing refused
 * is ever found, and neither a version nor a generated id is given out twice.
 */
final class Judge {

    private static final String GONE = "-";
    private static final String COUNTER = "n.counter";

    /** @param effects for each record its value afterwards */
    private record Operation(String name, Map<String, String> effects) {}

    private final String world;
    private final int kept;
    private final Map<String, String> certain = new HashMap<>();
    /** By thread: what has been begun in this life and not ended. */
    private final Map<String, Operation> begun = new HashMap<>();
    /** Whose outcome is not known. */
    private final List<Operation> open = new ArrayList<>();

    private final Map<String, String> recordOfVersion = new HashMap<>();
    private final Map<String, String> recordOfId = new HashMap<>();
    private Map<String, String> found = new LinkedHashMap<>();
    private long counter;
    private long openIncrements;
    private long acknowledged;
    private long refused;
    private long unknown;

    Judge(String world, int kept) {
        this.world = world;
        this.kept = kept;
    }

    long acknowledged() {
        return acknowledged;
    }

    long refused() {
        return refused;
    }

    /** Operations whose process was killed before they were answered, and those answered with "unknown". */
    long unknown() {
        return unknown;
    }

    void intent(String thread, String n, String[] effects) {
        Map<String, String> parsed = new LinkedHashMap<>();
        for (String effect : effects) {
            String[] pair = effect.split("=", 2);
            parsed.put(pair[0], pair[1]);
        }
        begun.put(thread, new Operation(thread + "/" + n, parsed));
    }

    void acknowledged(String thread) {
        Operation operation = ended(thread);
        acknowledged++;
        if (operation.effects.containsKey(COUNTER)) {
            counter++;
        } else {
            certain.putAll(operation.effects);
            // Older open operations on these records do not matter any more.
            open.removeIf(older -> operation.effects.keySet().containsAll(older.effects.keySet()));
            open.forEach(older -> older.effects.keySet().removeAll(operation.effects.keySet()));
        }
    }

    void refused(String thread) {
        ended(thread);
        refused++;
    }

    void unknown(String thread) {
        leaveOpen(ended(thread));
    }

    private Operation ended(String thread) {
        Operation operation = begun.remove(thread);
        assertThat(operation)
                .as("%s: what thread %s ends, it has begun", world, thread)
                .isNotNull();
        return operation;
    }

    private void leaveOpen(Operation operation) {
        unknown++;
        if (operation.effects.containsKey(COUNTER)) {
            openIncrements++;
        } else {
            open.add(operation);
        }
    }

    void id(String record, String id) {
        String before = recordOfId.put(id, record);
        assertThat(before)
                .as("%s: the id %s was given to %s before", world, id, record)
                .isIn(null, record);
    }

    /** The process is dead. */
    void killed() {
        begun.values().forEach(this::leaveOpen);
        begun.clear();
        found = new LinkedHashMap<>();
    }

    void found(String record, String value, String version, @Nullable String id) {
        found.put(record, value);
        String versioned = record.charAt(0) + version;
        String content = record + "=" + value;
        String before = recordOfVersion.put(versioned, content);
        assertThat(before)
                .as("%s: version %s was that of other content before", world, versioned)
                .isIn(null, content);
        if (id != null) {
            id(record, id);
        }
    }

    /** The same where versions are not looked at. */
    void foundAgain(String record, String value, @Nullable String id) {
        found.put(record, value);
        if (id != null) {
            id(record, id);
        }
    }

    /** Everything found has been told. */
    void serving(int keptNow, String life) {
        assertThat(keptNow)
                .as("%s, life %s: records nobody touched", world, life)
                .isEqualTo(kept);
        long counted = Long.parseLong(found.getOrDefault(COUNTER, "0"));
        found.remove(COUNTER);
        assertThat(counted).as("%s, life %s: the counter", world, life).isBetween(counter, counter + openIncrements);
        counter = counted;
        openIncrements = 0;
        settleOpen(life);
        assertThat(found).as("%s, life %s", world, life).isEqualTo(withoutGone());
        found = new LinkedHashMap<>();
    }

    /** Each open operation has happened whole or not at all, in the order in which they began: some such history has to lead here. */
    private void settleOpen(String life) {
        assertThat(explained(open.size(), new HashSet<>()))
                .as("%s, life %s: each of %s is there whole or not at all, after %s", world, life, open, certain)
                .isTrue();
        open.forEach(operation -> operation.effects.keySet().forEach(record -> certain.put(record, now(record))));
        open.clear();
    }

    /** @param settled the records of which an operation from {@code end} on has left what was found */
    private boolean explained(int end, Set<String> settled) {
        if (end == 0) {
            return open.stream()
                    .flatMap(operation -> operation.effects.keySet().stream())
                    .filter(record -> !settled.contains(record))
                    .allMatch(record -> now(record).equals(certain.getOrDefault(record, GONE)));
        }
        Map<String, String> effects = open.get(end - 1).effects;
        boolean canHaveHappened = effects.entrySet().stream()
                .allMatch(effect ->
                        settled.contains(effect.getKey()) || effect.getValue().equals(now(effect.getKey())));
        if (canHaveHappened) {
            Set<String> more = new HashSet<>(settled);
            more.addAll(effects.keySet());
            if (explained(end - 1, more)) {
                return true;
            }
        }
        return explained(end - 1, settled);
    }

    private String now(String record) {
        return found.getOrDefault(record, GONE);
    }

    private Map<String, String> withoutGone() {
        Map<String, String> present = new HashMap<>(certain);
        present.values().removeIf(GONE::equals);
        certain.values().removeIf(GONE::equals);
        return present;
    }
}
