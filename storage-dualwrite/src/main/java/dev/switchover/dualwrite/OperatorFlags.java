package dev.switchover.dualwrite;

import dev.switchover.dualwrite.flags.FlagNames;
import dev.switchover.dualwrite.flags.FlagTable;
import dev.switchover.dualwrite.flags.Flags;
import dev.switchover.dualwrite.flags.PhaseChoice;
import dev.switchover.storage.ConfigurationException;
import dev.switchover.storage.StartRefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The flags in the {@code feature_flags} table, of {@link Operator#flagTable}. Thread-safe. */
public final class OperatorFlags {

    private final Beside beside;

    OperatorFlags(Beside beside) {
        this.beside = beside;
    }

    FlagOverview read() {
        FlagTable table = beside.flagTable(true);
        List<FlagOverview.Choice> choices = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        try {
            choose(table)
                    .forEach((collection, choice) ->
                            choices.add(new FlagOverview.Choice(collection, choice.phase(), Notes.flags(choice))));
        } catch (ConfigurationException e) {
            problems.addAll(e.problems());
        } catch (StartRefusedException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
        FlagTable.Read rows = table instanceof FlagTable.Read read ? read : new FlagTable.Read(Map.of(), Set.of());
        String unreadable = table instanceof FlagTable.Unreadable gone ? gone.reason() : null;
        return new FlagOverview(choices, rows.globals(), rows.contradictory(), unreadable, problems);
    }

    /** @throws StartRefusedException {@code FLAGS-UNKNOWN} as a start would be */
    Map<String, PhaseChoice> choose(FlagTable table) {
        Configuration configuration = beside.configuration();
        return Flags.resolve(configuration.environment(), table, configuration.names(), beside::lastPhase);
    }

    Map<String, PhaseChoice> choose() {
        return choose(beside.flagTable(true));
    }

    /**
     * Writes a flag; it holds from the next start on, unless the environment says otherwise.
     *
     * @param flag in any case, with {@code FF_} or without, maybe with the name of a collection behind it
     * @return its name in the table
     * @throws ConfigurationException if it is none of ours
     * @throws StartRefusedException {@code SCHEMA-MISSING} if there is no such table
     */
    public String set(String flag, boolean enabled) {
        String name = FlagNames.inTable(flag, beside.configuration().names());
        beside.configuredPostgres().featureFlags().set(name, enabled);
        return name;
    }

    /** Takes a flag away, so that another scope or the default counts again. @return whether it was there */
    public boolean unset(String flag) {
        String name = FlagNames.inTable(flag, beside.configuration().names());
        return beside.configuredPostgres().featureFlags().unset(name);
    }
}
