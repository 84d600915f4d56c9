package dev.switchover.dualwrite.flags;

import dev.switchover.storage.ConfigurationException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** What the flags are called in the {@code feature_flags} table. */
public final class FlagNames {

    private static final String PREFIX = "FF_";

    private FlagNames() {}

    /** All there are, for these collections. */
    public static List<String> all(Collection<String> collections) {
        List<String> names = new ArrayList<>();
        for (Flag flag : Flag.values()) {
            names.add(flag.tableName());
            collections.forEach(collection -> names.add(flag.tableName() + "_" + ScopedFlag.suffix(collection)));
        }
        return names;
    }

    /**
     * The name in the table of a flag as people write it: in any case, with {@code FF_} or without.
     *
     * @throws ConfigurationException if it is none of our flags; a row that nobody reads would be believed in
     */
    public static String inTable(String given, Collection<String> collections) {
        String upper = given.strip().toUpperCase(Locale.ROOT);
        String name = upper.startsWith(PREFIX) ? upper.substring(PREFIX.length()) : upper;
        List<String> known = all(collections);
        if (!known.contains(name)) {
            throw new ConfigurationException(List.of("\"" + Words.shortened(given)
                    + "\" is no flag of Switchover; there is " + String.join(", ", known)));
        }
        return name;
    }

    /** The words for on and off, in any case: {@code true}, {@code 1}, {@code yes}, {@code on} and their opposites. */
    public static boolean value(String given) {
        return Words.parse(given)
                .orElseThrow(() -> new ConfigurationException(List.of(Words.problem("the value", given))));
    }
}
