package dev.switchover.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchover.dualwrite.Operator;
import dev.switchover.dualwrite.plan.StartPlan;
import dev.switchover.storage.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "plan",
        description = {
            "Shows what the next start would do, by the same guard, without doing it.",
            "Flags are those of this environment and of the feature_flags table, or those of --phase. The process that runs now"
                    + " is taken to have stopped."
        },
        footer = {
            "%nExamples:",
            "  switchover plan",
            "  switchover plan --phase db-primary",
            "  switchover plan --phase db-primary --collection expenses",
            "%nExit code 3 if the start would be refused; the code and the remedy are shown."
        },
        mixinStandardHelpOptions = true)
final class PlanCommand extends OperatorCommand {

    private static final List<String> FLAGS = List.of("FF_USE_DATABASE_STORAGE", "FF_DUAL_WRITE_ENABLED");

    @Option(
            names = "--phase",
            paramLabel = "PHASE",
            description = "As if the flags said so: json-only, json-primary, db-primary or db-only.")
    private @Nullable Phase phase;

    @Option(
            names = "--collection",
            paramLabel = "NAME",
            description = "With --phase: only this collection moves. Otherwise: only this one is shown.")
    private @Nullable String collection;

    PlanCommand(Scope scope) {
        super(scope);
    }

    @Override
    Scope.Target adjust(Scope.Target target) {
        String name = collection == null ? null : target.collection(collection);
        if (phase == null) {
            return target;
        }
        Map<String, String> environment = new TreeMap<>(target.environment());
        if (name == null) {
            // An older name, and what is said for single collections, would contradict it.
            environment.remove("USE_DATABASE");
            environment.keySet().removeIf(variable -> FLAGS.stream().anyMatch(flag -> variable.startsWith(flag + "_")));
        }
        String suffix = name == null ? "" : "_" + name.toUpperCase(Locale.ROOT);
        environment.put(FLAGS.get(0) + suffix, String.valueOf(phase.databasePhase()));
        environment.put(FLAGS.get(1) + suffix, String.valueOf(phase.mirrored()));
        return target.with(environment);
    }

    @Override
    Result run(Operator operator) {
        StartPlan plan = operator.plan();
        List<String> lines = new ArrayList<>();
        if (plan.holder() != null) {
            lines.add("The directory is held by " + plan.holder()
                    + ". It has to let go of it first: stop it, or start with SWITCHOVER_TAKE_OVER=true.");
        }
        ObjectNode json = object().put("holder", plan.holder());
        ArrayNode collections = json.putArray("collections");
        ExitCode exit = ExitCode.DONE;
        for (StartPlan.Collection each : plan.collections()) {
            if (collection == null || each.name().equals(collection)) {
                lines.addAll(lines(each));
                collections.add(json(each));
                exit = each.refused() ? ExitCode.REFUSED : exit;
            }
        }
        return new Result(exit, json, lines);
    }

    private static List<String> lines(StartPlan.Collection plan) {
        List<String> lines = new ArrayList<>();
        lines.add(plan.name() + " in " + plan.phase() + ": " + plan.step());
        lines.add("  " + plan.summary());
        plan.flags().forEach(flag -> lines.add("  flag    " + flag));
        plan.facts().forEach(fact -> lines.add("  seen    " + fact));
        if (plan.remedy() != null) {
            lines.add("  remedy  " + plan.remedy());
        }
        return lines;
    }

    private ObjectNode json(StartPlan.Collection plan) {
        ObjectNode json = object().put("collection", plan.name())
                .put("phase", plan.phase().name())
                .put("step", plan.step().name())
                .put("code", plan.code())
                .put("summary", plan.summary())
                .put("remedy", plan.remedy());
        strings(json, "flags", plan.flags());
        strings(json, "facts", plan.facts());
        return json;
    }
}
