package dev.switchover.dualwrite;

import dev.switchover.dualwrite.flags.PhaseChoice;
import dev.switchover.dualwrite.flags.SwitchoverSettings;
import dev.switchover.dualwrite.guard.GuardOptions;
import dev.switchover.dualwrite.plan.StartPlan;
import dev.switchover.dualwrite.plan.StartPlanner;
import dev.switchover.json.directory.Holder;
import dev.switchover.storage.schema.CollectionSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a start would do. Thread-safe. */
final class OperatorPlan {

    private final Beside beside;
    private final OperatorFlags flags;

    OperatorPlan(Beside beside, OperatorFlags flags) {
        this.beside = beside;
        this.flags = flags;
    }

    public StartPlan plan() {
        Configuration configuration = beside.configuration();
        SwitchoverSettings settings = configuration.settings();
        Map<String, PhaseChoice> choices = flags.choose();
        boolean withoutJson =
                choices.values().stream().allMatch(choice -> choice.phase().databasePhase());
        StartPlanner planner = new StartPlanner(
                beside.files(),
                beside.postgresOrNull(),
                settings.schema(),
                new GuardOptions(settings.startStale(), settings.force(), settings.adopt()),
                withoutJson);
        List<StartPlan.Collection> collections = new ArrayList<>();
        for (CollectionSchema<?, ?> each : beside.schemas()) {
            PhaseChoice choice = choices.get(each.name());
            if (choice == null) {
                throw new IllegalStateException("no phase for " + each.name());
            }
            collections.add(planner.plan(each, choice, Notes.flags(choice)));
        }
        return new StartPlan(
                Holder.seeming(configuration.directory()).map(Holder::toString).orElse(null), collections);
    }
}
