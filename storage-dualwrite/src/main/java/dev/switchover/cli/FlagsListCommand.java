package dev.switchover.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchover.dualwrite.FlagOverview;
import dev.switchover.dualwrite.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import picocli.CommandLine.Command;

@Command(
        name = "list",
        description = {
            "Shows the phase a start would choose for each collection, and where each flag comes from.",
            "Environment before table before the default, false; within one source what names the collection before what is"
                    + " for all."
        },
        footer = {
            "%nExamples:",
            "  switchover flags list",
            "  switchover flags list --json | jq .table",
            "%nExit code 2 if the flags are wrong, 4 if the table cannot be read."
        },
        mixinStandardHelpOptions = true)
final class FlagsListCommand extends OperatorCommand {

    FlagsListCommand(Scope scope) {
        super(scope);
    }

    @Override
    Result run(Operator operator) {
        return show(this, operator.flags());
    }

    /** Shown after a change as well. */
    static Result show(StorageCommand command, FlagOverview flags) {
        List<String> lines = new ArrayList<>();
        ObjectNode json = command.object();
        ArrayNode collections = json.putArray("collections");
        for (FlagOverview.Choice choice : flags.collections()) {
            lines.add(choice.collection() + ": " + choice.phase());
            choice.flags().forEach(flag -> lines.add("  " + flag));
            ObjectNode one = command.object()
                    .put("collection", choice.collection())
                    .put("phase", choice.phase().name());
            command.strings(one, "flags", choice.flags());
            collections.add(one);
        }
        ObjectNode table = json.putObject("table");
        new TreeMap<>(flags.table()).forEach((name, value) -> {
            table.put(name, value);
            lines.add("table: " + name + " = " + value);
        });
        command.strings(json, "contradictory", new TreeSet<>(flags.contradictory()));
        flags.contradictory().forEach(name -> lines.add("table: " + name + " is there twice, on and off"));
        json.put("tableProblem", flags.tableProblem());
        if (flags.tableProblem() != null) {
            lines.add("The feature_flags table cannot be read: " + flags.tableProblem());
        }
        command.strings(json, "problems", flags.problems());
        lines.addAll(flags.problems());
        ExitCode exit = flags.problems().isEmpty() ? ExitCode.DONE : ExitCode.USAGE;
        return new Result(flags.tableProblem() == null ? exit : ExitCode.UNREACHABLE, json, lines);
    }
}
