package dev.switchover.dualwrite.flags;

import dev.switchover.storage.ConfigurationException;
import dev.switchover.storage.Phase;
import dev.switchover.storage.StartRefusedException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Chooses the phase of each collection: environment before {@code feature_flags} table before the default, false; within one
 * source what names the collection before what is global. Source goes before scope.
 */
public final class Flags {

    private final Collection<String> collections;
    private final Map<String, String> bySuffix = new TreeMap<>();
    private final Problems problems = new Problems();

    private Flags(Collection<String> collections) {
        this.collections = collections;
        collections.forEach(name -> bySuffix.put(ScopedFlag.suffix(name), name));
    }

    /**
     * @param environment all of it; what is no flag is left alone
     * @param lastPhase the phase a collection was last started in, from a reachable ledger
     * @return by collection, in the order given
     * @throws ConfigurationException with every problem at once
     * @throws StartRefusedException {@code FLAGS-UNKNOWN} if the table cannot be read, the environment does not decide and no
     *     ledger knows the last phase
     */
    public static Map<String, PhaseChoice> resolve(
            Map<String, String> environment,
            FlagTable table,
            Collection<String> collections,
            Function<String, Optional<Phase>> lastPhase) {
        return new Flags(collections).resolve(environment, table, lastPhase);
    }

    private Map<String, PhaseChoice> resolve(
            Map<String, String> environment, FlagTable table, Function<String, Optional<Phase>> lastPhase) {
        ScopedFlag environmentUse = fromEnvironment(environment, Flag.USE_DATABASE);
        ScopedFlag environmentDual = fromEnvironment(environment, Flag.DUAL_WRITE);
        ScopedFlag tableUse = fromTable(table, Flag.USE_DATABASE);
        ScopedFlag tableDual = fromTable(table, Flag.DUAL_WRITE);

        Map<String, PhaseChoice> choices = new LinkedHashMap<>();
        List<String> unknown = new ArrayList<>();
        for (String collection : collections) {
            Optional<FlagValue> use = environmentUse.of(collection).or(() -> tableUse.of(collection));
            Optional<FlagValue> dual = environmentDual.of(collection).or(() -> tableDual.of(collection));
            Optional<Phase> last = Optional.empty();
            if (table instanceof FlagTable.Unreadable && (use.isEmpty() || dual.isEmpty())) {
                last = lastPhase.apply(collection);
                if (last.isEmpty()) {
                    unknown.add(collection);
                    continue;
                }
            }
            choices.put(
                    collection,
                    new PhaseChoice(
                            use.orElse(fallback(last, Phase::databasePhase)),
                            dual.orElse(fallback(last, Phase::mirrored))));
        }
        checkDatabase(table, choices);
        problems.throwIfAny();
        if (table instanceof FlagTable.Unreadable unreadable && !unknown.isEmpty()) {
            throw refused(unreadable, unknown);
        }
        return choices;
    }

    private static FlagValue fallback(Optional<Phase> last, Function<Phase, Boolean> flag) {
        return last.map(phase -> new FlagValue(flag.apply(phase), FlagValue.LAST_START))
                .orElse(new FlagValue(false, FlagValue.DEFAULT));
    }

    private ScopedFlag fromEnvironment(Map<String, String> environment, Flag flag) {
        ScopedFlag found = new ScopedFlag();
        for (String variable : flag.variables()) {
            for (String name : new TreeSet<>(environment.keySet())) {
                Optional<String> text = Words.set(environment, name);
                Optional<String> suffix = ScopedFlag.suffix(name, variable);
                if (text.isPresent()
                        && suffix.isPresent()
                        && !mayBeTheHosts(variable, suffix.get())
                        && known(name, suffix.get())) {
                    Words.parse(text.get())
                            .ifPresentOrElse(
                                    value -> put(found, suffix.get(), value, name),
                                    () -> problems.add(Words.problem(name, text.get())));
                }
            }
        }
        return found;
    }

    /** {@code USE_DATABASE_POOL} is no business of ours; {@code USE_DATABASE_STORAGE} is our flag without its prefix. */
    private boolean mayBeTheHosts(String variable, String suffix) {
        boolean ours = suffix.isEmpty() || suffix.equals("STORAGE") || bySuffix.containsKey(suffix);
        return !variable.startsWith("FF_") && !ours;
    }

    /** The newer name comes first; an older one may repeat it, not contradict it. */
    private void put(ScopedFlag found, String suffix, boolean value, String name) {
        Optional<FlagValue> before = found.at(suffix);
        if (before.isEmpty()) {
            found.put(suffix, new FlagValue(value, "environment " + name));
        } else if (before.get().value() != value) {
            String other = before.get().source().replace("environment ", "");
            problems.add(other + " and " + name
                    + " contradict each other; the second is an older name of the first, unset it");
        }
    }

    private ScopedFlag fromTable(FlagTable table, Flag flag) {
        ScopedFlag found = new ScopedFlag();
        if (table instanceof FlagTable.Read read) {
            new TreeMap<>(read.globals()).forEach((name, value) -> {
                String where = "feature_flags " + name;
                ScopedFlag.suffix(name, flag.tableName())
                        .filter(suffix -> known(where, suffix))
                        .ifPresent(suffix -> found.put(suffix, new FlagValue(value, where)));
                checkSpelling(name, where, flag);
            });
            for (String name : new TreeSet<>(read.contradictory())) {
                if (ScopedFlag.suffix(name, flag.tableName()).isPresent()) {
                    problems.add("feature_flags " + name + ": is there twice, on and off; delete one of the rows");
                }
            }
        }
        return found;
    }

    /** A row that is ours but for its spelling would be ignored in silence, and the phase be another than was meant. */
    private void checkSpelling(String name, String where, Flag flag) {
        String upper = name.toUpperCase(Locale.ROOT);
        String plain = upper.startsWith("FF_") ? upper.substring(3) : upper;
        if (!plain.equals(name) && ScopedFlag.suffix(plain, flag.tableName()).isPresent()) {
            problems.add(where + ": write it as " + plain + ", in upper case and without FF_");
        }
    }

    private boolean known(String where, String suffix) {
        if (suffix.isEmpty() || bySuffix.containsKey(suffix)) {
            return true;
        }
        problems.add(
                where + ": \"" + suffix + "\" names no collection; there is " + String.join(", ", bySuffix.keySet()));
        return false;
    }

    private void checkDatabase(FlagTable table, Map<String, PhaseChoice> choices) {
        if (!(table instanceof FlagTable.NotConfigured)) {
            return;
        }
        choices.forEach((collection, choice) -> {
            if (choice.phase().needsDatabase()) {
                problems.add(DatabaseVariables.URL + " is not set, and " + collection + " is to start in " + choice
                        + "; set " + DatabaseVariables.URL + " or " + DatabaseVariables.URL_FILE);
            }
        });
    }

    private static StartRefusedException refused(FlagTable.Unreadable unreadable, List<String> unknown) {
        return new StartRefusedException(
                "FLAGS-UNKNOWN",
                List.of(
                        "the feature_flags table cannot be read: " + unreadable.reason(),
                        "the environment does not decide the phase of " + String.join(", ", unknown),
                        "no ledger knows the phase of the last start"),
                "Check DATABASE_URL, and start again when the database answers; or set FF_USE_DATABASE_STORAGE and"
                        + " FF_DUAL_WRITE_ENABLED in the environment.",
                null);
    }
}
