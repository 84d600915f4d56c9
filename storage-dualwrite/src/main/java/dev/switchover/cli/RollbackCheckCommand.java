package dev.switchover.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchover.cli.ProgressDisplay.Numbers;
import dev.switchover.dualwrite.Operator;
import dev.switchover.dualwrite.rollback.RollbackReport;
import dev.switchover.dualwrite.rollback.RollbackReport.Outcome;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "rollback-check",
        description = {
            "Would anything be lost if the service went back to JSON now? Or, with --forward, on to the database?",
            "Compares everything, so it is right in each phase, also after months of database only: which ids the other store"
                    + " lacks, whether the start would catch up or be refused, and about how long that takes. Changes nothing."
        },
        footer = {
            "%nExamples:",
            "  switchover rollback-check",
            "  switchover rollback-check --forward --collection expenses",
            "%nExit code 0 if the start would serve with everything, 3 if it would be refused, 4 if that cannot be known because a"
                    + " store does not answer."
        },
        mixinStandardHelpOptions = true)
final class RollbackCheckCommand extends CollectionsCommand {

    @Option(names = "--forward", description = "The other way: on to the database.")
    private boolean forward;

    RollbackCheckCommand(Scope scope) {
        super(scope);
    }

    @Override
    Result run(Operator operator) {
        List<String> lines = new ArrayList<>();
        ObjectNode json = object();
        ArrayNode reports = json.putArray("collections");
        ExitCode exit = ExitCode.DONE;
        boolean safe = true;
        for (String name : collections()) {
            RollbackReport report = measure(operator, name);
            lines.addAll(lines(report));
            reports.add(tree(report.toJson()));
            safe &= report.safe();
            exit = exit.or(exit(report.outcome()));
        }
        json.put("safe", safe);
        return new Result(exit, json, lines);
    }

    private RollbackReport measure(Operator operator, String name) {
        try (ProgressDisplay progress = new ProgressDisplay(terminal())) {
            return forward
                    ? operator.forward(name, progress.of("rollback-check"), finding -> {})
                    : operator.rollback(name, progress.of("rollback-check"), finding -> {});
        }
    }

    private static ExitCode exit(Outcome outcome) {
        return switch (outcome) {
            case SERVES, READY, CATCHES_UP -> ExitCode.DONE;
            case REFUSED -> ExitCode.REFUSED;
            case UNKNOWN -> ExitCode.UNREACHABLE;
        };
    }

    private static List<String> lines(RollbackReport report) {
        List<String> lines = new ArrayList<>();
        lines.add(report.collection() + " to " + report.target().label() + ": " + meaning(report));
        if (report.lacking() > 0) {
            lines.add("  lacking there  " + Numbers.of(report.lacking()) + " ids, " + Numbers.of(report.pending())
                    + " of them pending, " + Numbers.of(report.parked()) + " parked, "
                    + Numbers.of(report.unexpected()) + " unexpected");
            report.findings().stream().limit(10).forEach(finding -> lines.add("    " + finding));
            if (report.lacking() > Math.min(10, report.findings().size())) {
                lines.add("    … --json names the first " + report.findings().size());
            }
        }
        report.facts().forEach(fact -> lines.add("  seen           " + fact));
        report.unknown().forEach(what -> lines.add("  unknown        " + what));
        if (report.duration() != null) {
            lines.add("  takes about    " + report.duration().toMillis() + " ms"
                    + (report.unwritable() == null
                            ? ""
                            : ", of which nobody can write for "
                                    + report.unwritable().toMillis() + " ms"));
        }
        if (report.remedy() != null) {
            lines.add("  remedy         " + report.remedy());
        }
        return lines;
    }

    private static String meaning(RollbackReport report) {
        return switch (report.outcome()) {
            case SERVES -> "it is the authority already";
            case READY -> "it has everything; the start changes the authority and copies nothing";
            case CATCHES_UP -> "the start brings it up to date before it serves; nothing is lost";
            case REFUSED -> "the start would be refused: " + report.code();
            case UNKNOWN -> "that cannot be known from here";
        };
    }
}
