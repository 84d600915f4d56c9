package dev.switchover.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the members of one object of the configuration file and gathers what is wrong with them. Used by one thread. */
final class Fields {

    private final LocatedJson.Group group;
    private final String where;
    private final Complaints complaints;
    private final Set<String> asked = new LinkedHashSet<>();

    /** Every problem of a file, each with its line. */
    static final class Complaints {
        private record Complaint(int line, String problem) {}

        private final String file;
        private final List<Complaint> complaints = new ArrayList<>();

        Complaints(String file) {
            this.file = file;
        }

        void add(int line, String problem) {
            complaints.add(new Complaint(line, problem));
        }

        /** In the order of the file. */
        List<String> all() {
            return complaints.stream()
                    .sorted(Comparator.comparingInt(Complaint::line))
                    .map(each -> file + ", line " + each.line() + ": " + each.problem())
                    .toList();
        }
    }

    /** @param where what the object is called in messages: {@code collections[0].}, or nothing */
    Fields(LocatedJson.Group group, String where, Complaints complaints) {
        this.group = group;
        this.where = where;
        this.complaints = complaints;
    }

    @Nullable
    LocatedJson get(String name) {
        asked.add(name);
        return group.members().get(name);
    }

    @Nullable
    String text(String name) {
        LocatedJson value = get(name);
        if (value instanceof LocatedJson.Text text) {
            return text.value();
        }
        if (value != null) {
            problem(value, name, "write a text in quotes");
        }
        return null;
    }

    @Nullable
    String required(String name, String hint) {
        if (get(name) == null) {
            complaints.add(group.line(), where + name + " is missing; " + hint);
            return null;
        }
        return text(name);
    }

    /** The value a word stands for. */
    <V> V choice(String name, Map<String, V> words, V otherwise) {
        LocatedJson value = get(name);
        if (value == null) {
            return otherwise;
        }
        V chosen = value instanceof LocatedJson.Text text ? words.get(text.value()) : null;
        if (chosen == null) {
            problem(value, name, "write " + String.join(" or ", quoted(words.keySet())));
            return otherwise;
        }
        return chosen;
    }

    int number(String name, int otherwise) {
        LocatedJson value = get(name);
        if (value == null) {
            return otherwise;
        }
        try {
            if (value instanceof LocatedJson.Bare bare) {
                return Integer.parseInt(bare.value());
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        problem(value, name, "write a whole number");
        return otherwise;
    }

    List<LocatedJson> items(String name) {
        LocatedJson value = get(name);
        if (value instanceof LocatedJson.Items items) {
            return items.elements();
        }
        if (value != null) {
            problem(value, name, "write a list in square brackets");
        }
        return List.of();
    }

    /** To be called after all names have been asked for. */
    void finish() {
        group.members().forEach((name, value) -> {
            if (!asked.contains(name)) {
                complaints.add(
                        value.line(), where + name + " is unknown; there is " + String.join(", ", quoted(asked)));
            }
        });
    }

    Fields nested(LocatedJson.Group inner, String name) {
        return new Fields(inner, where + name, complaints);
    }

    void problem(LocatedJson value, String name, String advice) {
        complaints.add(value.line(), where + name + ": " + advice);
    }

    static List<String> quoted(Collection<String> words) {
        return words.stream().sorted().map(word -> "\"" + word + "\"").toList();
    }
}
