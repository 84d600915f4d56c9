package dev.switchover.dualwrite.flags;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Finds variables that are probably meant to be one of our flags. Pure. */
public final class Spelling {

    private static final String PREFIX = "FF_";
    private static final int FEW_LETTERS = 3;

    private Spelling() {}

    /** A variable that is set, and the flag it resembles. */
    public record Resemblance(String name, String flag) {}

    /**
     * Variables that are set, begin like a flag, and are none. A host may have flags of its own, so only what is but a few letters
     * away from one of ours, or the beginning or the end of it, counts.
     */
    public static List<Resemblance> resembling(Map<String, String> environment, Collection<String> collections) {
        List<Resemblance> found = new ArrayList<>();
        for (String name : new TreeSet<>(environment.keySet())) {
            String upper = name.toUpperCase(Locale.ROOT);
            if (upper.startsWith(PREFIX) && Words.set(environment, name).isPresent() && !isFlag(name)) {
                resembled(upper, collections).ifPresent(flag -> found.add(new Resemblance(name, flag)));
            }
        }
        return found;
    }

    /** With a suffix that names no collection it is one nevertheless, and refused elsewhere. */
    private static boolean isFlag(String name) {
        for (Flag flag : Flag.values()) {
            for (String variable : flag.variables()) {
                if (ScopedFlag.suffix(name, variable).isPresent()) {
                    return true;
                }
            }
        }
        return false;
    }

    private static Optional<String> resembled(String upper, Collection<String> collections) {
        List<String> suffixes = new ArrayList<>(List.of(""));
        collections.forEach(collection -> suffixes.add("_" + ScopedFlag.suffix(collection)));
        for (Flag flag : Flag.values()) {
            String variable = PREFIX + flag.tableName();
            for (String suffix : suffixes) {
                String bare = upper.endsWith(suffix) ? upper.substring(0, upper.length() - suffix.length()) : upper;
                if (resembles(bare, variable)) {
                    return Optional.of(variable + suffix);
                }
            }
        }
        return Optional.empty();
    }

    private static boolean resembles(String bare, String variable) {
        boolean words = bare.indexOf('_', PREFIX.length()) > 0;
        boolean beginning = words && variable.startsWith(bare + "_");
        boolean end = words && variable.endsWith("_" + bare.substring(PREFIX.length()));
        return bare.equals(variable) || beginning || end || distance(bare, variable) <= FEW_LETTERS;
    }

    /** How many letters have to be put in, taken out or changed. */
    static int distance(String left, String right) {
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
