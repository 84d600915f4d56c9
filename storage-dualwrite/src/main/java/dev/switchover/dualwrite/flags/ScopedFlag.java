package dev.switchover.dualwrite.flags;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What one source says about one flag: for everything, and for single collections. Built by one thread. */
final class ScopedFlag {

    private static final String EVERYWHERE = "";

    private final Map<String, FlagValue> values = new HashMap<>();

    /** The value for a collection: its own before the global one. */
    Optional<FlagValue> of(String collection) {
        FlagValue scoped = values.get(suffix(collection));
        return Optional.ofNullable(scoped == null ? values.get(EVERYWHERE) : scoped);
    }

    /** What is there for exactly this suffix; the empty one is the global value. */
    Optional<FlagValue> at(String suffix) {
        return Optional.ofNullable(values.get(suffix));
    }

    void put(String suffix, FlagValue value) {
        values.put(suffix, value);
    }

    static String suffix(String collection) {
        return collection.toUpperCase(Locale.ROOT);
    }

    /** The suffix of {@code name} behind {@code flag}: empty text for the flag itself, nothing for another name. */
    static Optional<String> suffix(String name, String flag) {
        if (name.equals(flag)) {
            return Optional.of(EVERYWHERE);
        }
        return name.startsWith(flag + "_") ? Optional.of(name.substring(flag.length() + 1)) : Optional.empty();
    }
}
