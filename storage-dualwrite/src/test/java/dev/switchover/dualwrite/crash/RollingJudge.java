package dev.switchover.dualwrite.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.dualwrite.crash.Worlds.Entry;
import dev.switchover.dualwrite.crash.Worlds.Note;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Everything that any instance was told, and whether what is there now can be what came of it. Thread-safe. */
final class RollingJudge {

    private enum Told {
        NOTHING,
        ACKNOWLEDGED,
        REFUSED
    }

    private final Map<String, Told> appended = new HashMap<>();
    private final Map<String, Told> created = new HashMap<>();
    /** By the name of the entry; several may have been begun for one. */
    private final Map<String, Told> deleted = new HashMap<>();

    private final Map<String, Runnable> acknowledgements = new HashMap<>();
    private final Map<String, Runnable> refusals = new HashMap<>();
    private final Map<String, String> nameOfId = new HashMap<>();
    private int acknowledged;
    private int refused;
    private int unknown;

    synchronized void note(String line) {
        String[] words = line.split(" ");
        switch (words[0]) {
            case "INTENT" -> intent(words[1], words[2], words.length > 3 ? words[3] : words[2]);
            case "ACK" -> {
                acknowledged++;
                notifyAll();
                acknowledgements.get(words[1]).run();
                if (!words[2].equals("-")) {
                    assertThat(nameOfId.put(words[2], words[1]))
                            .as("the id %s was given to %s before", words[2], words[1])
                            .isNull();
                }
            }
            case "NOT" -> {
                refused++;
                refusals.get(words[1]).run();
            }
            case "UNKNOWN" -> unknown++;
            default -> {
                // About the instance, not about a record.
            }
        }
    }

    /** Waits until so many more have been acknowledged, or so long. */
    synchronized void awaitAcknowledged(int more, long millis) throws InterruptedException {
        int enough = acknowledged + more;
        long end = System.nanoTime() + millis * 1_000_000;
        for (long left = millis; acknowledged < enough && left > 0; left = (end - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
    }

    private void intent(String kind, String token, String name) {
        Map<String, Told> told = switch (kind) {
            case "APPEND" -> appended;
            case "CREATE" -> created;
            default -> deleted;
        };
        told.put(name, Told.NOTHING);
        acknowledgements.put(token, () -> told.put(name, Told.ACKNOWLEDGED));
        refusals.put(token, () -> told.put(name, Told.REFUSED));
    }

    synchronized void judge(SwitchoverStorage storage, String when) {
        List<String> tokens = new ArrayList<>();
        for (Note note : storage.repository(Worlds.NOTES).findAll()) {
            tokens.addAll(List.of(note.text().substring(1).split(";")));
        }
        assertThat(tokens).as("%s: appended once", when).doesNotHaveDuplicates();
        assertPossible(new HashSet<>(tokens), appended, Map.of(), when + ": appended");
        Set<String> names = new HashSet<>();
        for (Entry entry : storage.repository(Worlds.ENTRIES).findAll()) {
            assertThat(names.add(entry.name()))
                    .as("%s: %s is there once", when, entry.name())
                    .isTrue();
            assertThat(nameOfId.getOrDefault(String.valueOf(entry.id()), entry.name()))
                    .as("%s: the entry of id %s", when, entry.id())
                    .isEqualTo(entry.name());
        }
        assertPossible(names, created, deleted, when + ": entries");
    }

    private static void assertPossible(Set<String> there, Map<String, Told> told, Map<String, Told> gone, String what) {
        List<String> wrong = new ArrayList<>();
        for (String token : there) {
            if (told.getOrDefault(token, Told.REFUSED) == Told.REFUSED) {
                wrong.add(token + " was refused and is there");
            }
            if (gone.get(token) == Told.ACKNOWLEDGED) {
                wrong.add(token + " was deleted and is there");
            }
        }
        told.forEach((token, how) -> {
            boolean mayBeGone = gone.getOrDefault(token, Told.REFUSED) != Told.REFUSED;
            if (how == Told.ACKNOWLEDGED && !mayBeGone && !there.contains(token)) {
                wrong.add(token + " was acknowledged and is lost");
            }
        });
        assertThat(wrong).as(what).isEmpty();
    }

    @Override
    public synchronized String toString() {
        return acknowledged + " acknowledged, " + refused + " not written, " + unknown + " unknown";
    }
}
