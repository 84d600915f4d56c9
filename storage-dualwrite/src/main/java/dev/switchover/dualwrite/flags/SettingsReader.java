package dev.switchover.dualwrite.flags;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads variables of one prefix and collects what is wrong with them. Used by one thread. */
final class SettingsReader {

    private static final String PREFIX = "SWITCHOVER_";
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h)");
    private static final Pattern BYTES = Pattern.compile("(\\d{1,9})\\s*(kib|mib|gib)?");
    private static final Pattern PERCENT = Pattern.compile("(\\d{1,3})\\s*%?");
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofHours(24);

    private final Map<String, String> environment;
    private final Set<String> known = new TreeSet<>();
    private final Problems problems = new Problems();

    SettingsReader(Map<String, String> environment) {
        this.environment = environment;
    }

    Duration duration(String name, Duration otherwise) {
        return duration(name).orElse(otherwise);
    }

    Optional<Duration> duration(String name) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Optional<Duration> parsed = parseDuration(text.get()).filter(SettingsReader::sensible);
        if (parsed.isEmpty()) {
            problems.add(PREFIX + name + ": \"" + Words.shortened(text.get())
                    + "\" is no duration; write a number and its unit, as in 2s, 500ms or 1m, up to 24h");
        }
        return parsed;
    }

    /** From 0 to 100, with a percent sign or without, of a variable with its whole name; 0 if it is not set. */
    int percent(String variable) {
        Optional<String> text = Words.set(environment, variable);
        if (text.isEmpty()) {
            return 0;
        }
        Matcher matcher = PERCENT.matcher(text.get().strip());
        if (!matcher.matches() || Integer.parseInt(matcher.group(1)) > 100) {
            problems.add(variable + ": \"" + Words.shortened(text.get())
                    + "\" is no share; write a whole number from 0 to 100");
            return 0;
        }
        return Integer.parseInt(matcher.group(1));
    }

    /** A number of bytes, or of KiB, MiB or GiB. */
    OptionalLong bytes(String name) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        Matcher matcher = BYTES.matcher(text.get().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            problems.add(PREFIX + name + ": \"" + Words.shortened(text.get())
                    + "\" is no size; write bytes, or a number and its unit, as in 64MiB");
            return OptionalLong.empty();
        }
        int shift = switch (String.valueOf(matcher.group(2))) {
            case "kib" -> 10;
            case "mib" -> 20;
            case "gib" -> 30;
            default -> 0;
        };
        return OptionalLong.of(Long.parseLong(matcher.group(1)) << shift);
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
        return yesOrNo(name).orElse(otherwise);
    }

    Optional<Boolean> yesOrNo(String name) {
        Optional<String> text = text(name);
        Optional<Boolean> parsed = text.flatMap(Words::parse);
        if (text.isPresent() && parsed.isEmpty()) {
            problems.add(Words.problem(PREFIX + name, text.get()));
        }
        return parsed;
    }

    /** @param problem what is wrong where it cannot be parsed, and what to write */
    <V> Optional<V> parsed(String name, Function<String, Optional<V>> parse, String problem) {
        Optional<String> text = text(name);
        Optional<V> value = text.flatMap(parse);
        if (text.isPresent() && value.isEmpty()) {
            problems.add(PREFIX + name + ": \"" + Words.shortened(text.get()) + "\" " + problem);
        }
        return value;
    }

    /** A whole number from 0 on. */
    OptionalInt count(String name) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return OptionalInt.empty();
        }
        if (!text.get().matches("\\d{1,6}")) {
            problem(
                    name,
                    "\"" + Words.shortened(text.get()) + "\" is no number; write a whole number from 0 to 999999");
            return OptionalInt.empty();
        }
        return OptionalInt.of(Integer.parseInt(text.get()));
    }

    /** Something else is wrong with it. */
    void problem(String name, String problem) {
        problems.add(PREFIX + name + ": " + problem);
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
        return choice(name, values).orElse(otherwise);
    }

    <E extends Enum<E>> Optional<E> choice(String name, E[] values) {
        Map<String, E> words = new TreeMap<>();
        for (E value : values) {
            words.put(value.name().toLowerCase(Locale.ROOT), value);
        }
        return oneOf(name, words);
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
                        .min(Comparator.comparingInt(candidate -> Spelling.distance(name, candidate)))
                        .orElse(PREFIX);
                problems.add(name + " is unknown; did you mean " + nearest + "?");
            }
        }
        problems.throwIfAny();
    }

    Optional<String> text(String name) {
        known.add(PREFIX + name);
        return Words.set(environment, PREFIX + name).map(String::strip);
    }
}
