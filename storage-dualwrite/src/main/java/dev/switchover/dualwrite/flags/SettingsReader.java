package dev.switchover.dualwrite.flags;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads variables of one prefix and collects what is wrong with them. Used by one thread. */
final class SettingsReader {

    private static final String PREFIX = "SWITCHOVER_";
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h)");
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofHours(24);

    private final Map<String, String> environment;
    private final Set<String> known = new TreeSet<>();
    private final Problems problems = new Problems();

    SettingsReader(Map<String, String> environment) {
        this.environment = environment;
    }

    Duration duration(String name, Duration otherwise) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        Optional<Duration> parsed = parseDuration(text.get()).filter(SettingsReader::sensible);
        if (parsed.isEmpty()) {
            problems.add(PREFIX + name + ": \"" + Words.shortened(text.get())
                    + "\" is no duration; write a number and its unit, as in 2s, 500ms or 1m, up to 24h");
        }
        return parsed.orElse(otherwise);
    }

    private static boolean sensible(Duration duration) {
        return duration.compareTo(SHORTEST) >= 0 && duration.compareTo(LONGEST) <= 0;
    }

    private static Optional<Duration> parseDuration(String text) {
        Matcher matcher = DURATION.matcher(text.toLowerCase(Locale.ROOT));
        if (matcher.matches()) {
            long amount = Long.parseLong(matcher.group(1));
            return Optional.of(
                    switch (matcher.group(2)) {
                        case "ms" -> Duration.ofMillis(amount);
                        case "s" -> Duration.ofSeconds(amount);
                        case "m" -> Duration.ofMinutes(amount);
                        default -> Duration.ofHours(amount);
                    });
        }
        try {
            return Optional.of(Duration.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    boolean yesOrNo(String name, boolean otherwise) {
        Optional<String> text = text(name);
        Optional<Boolean> parsed = text.flatMap(Words::parse);
        if (text.isPresent() && parsed.isEmpty()) {
            problems.add(Words.problem(PREFIX + name, text.get()));
        }
        return parsed.orElse(otherwise);
    }

    OptionalLong epoch(String name) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        if (!text.get().matches("[1-9]\\d{0,17}")) {
            problems.add(PREFIX + name + ": \"" + Words.shortened(text.get())
                    + "\" is no epoch; write the number the refusal printed");
            return OptionalLong.empty();
        }
        return OptionalLong.of(Long.parseLong(text.get()));
    }

    <E extends Enum<E>> E choice(String name, E[] values, E otherwise) {
        Map<String, E> words = new TreeMap<>();
        for (E value : values) {
            words.put(value.name().toLowerCase(Locale.ROOT), value);
        }
        return oneOf(name, words).orElse(otherwise);
    }

    <V> Optional<V> oneOf(String name, Map<String, V> words) {
        Optional<String> text = text(name);
        Optional<V> value = text.map(word -> words.get(word.toLowerCase(Locale.ROOT)));
        if (text.isPresent() && value.isEmpty()) {
            problems.add(PREFIX + name + ": \"" + Words.shortened(text.get()) + "\" is unknown; write "
                    + String.join(" or ", new TreeSet<>(words.keySet())));
        }
        return value;
    }

    /** To be called after all names have been asked for. */
    void finish() {
        for (String name : new TreeSet<>(environment.keySet())) {
            boolean ours =
                    name.startsWith(PREFIX) && Words.set(environment, name).isPresent();
            if (ours && !known.contains(name)) {
                String nearest = known.stream()
                        .min(Comparator.comparingInt(candidate -> distance(name, candidate)))
                        .orElse(PREFIX);
                problems.add(name + " is unknown; did you mean " + nearest + "?");
            }
        }
        problems.throwIfAny();
    }

    private Optional<String> text(String name) {
        known.add(PREFIX + name);
        return Words.set(environment, PREFIX + name).map(String::strip);
    }

    /** How many letters have to be put in, taken out or changed. */
    private static int distance(String left, String right) {
        int[] row = new int[right.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int changed = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[right.length()];
    }
}
