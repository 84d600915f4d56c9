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

/** The flags, as they stand and in the table. Thread-safe. */
final class OperatorFlags {

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

    String set(String flag, boolean enabled) {
        String name = FlagNames.inTable(flag, beside.configuration().names());
        beside.configuredPostgres().featureFlags().set(name, enabled);
        return name;
    }

    boolean unset(String flag) {
        String name = FlagNames.inTable(flag, beside.configuration().names());
        return beside.configuredPostgres().featureFlags().unset(name);
    }
}
