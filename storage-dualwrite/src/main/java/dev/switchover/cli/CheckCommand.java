package dev.switchover.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchover.dualwrite.Operator;
import dev.switchover.dualwrite.check.CheckReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;

@Command(
        name = "check",
        description = {
            "Checks whether the surroundings are fit: directory, files, connection, session, rights, versions, tables.",
            "Changes nothing. Run it as the service's user, with its environment, before the first start in a new place."
        },
        footer = {
            "%nExamples:",
            "  switchover check",
            "  switchover check --json | jq '.checks[] | select(.state != \"ok\")'",
            "%nExit code 1 if a check failed, 4 if a store does not answer. Warnings are no failure."
        },
        mixinStandardHelpOptions = true)
final class CheckCommand extends OperatorCommand {

    CheckCommand(Scope scope) {
        super(scope);
    }

    @Override
    Result run(Operator operator) {
        CheckReport report = operator.check();
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT, "%-11s %-32s %s, Java %s", "ok", "switchover", Versions.ours(), Runtime.version()));
        ObjectNode json = object().put("version", Versions.ours()).put("java", String.valueOf(Runtime.version()));
        json.put("worst", Words.of(report.worst()));
        ArrayNode checks = json.putArray("checks");
        for (CheckReport.Check check : report.checks()) {
            lines.add(String.format(
                    Locale.ROOT, "%-11s %-32s %s", Words.of(check.state()), check.name(), check.detail()));
            checks.add(object().put("name", check.name())
                    .put("state", Words.of(check.state()))
                    .put("detail", check.detail()));
        }
        ExitCode exit = switch (report.worst()) {
            case OK, WARNING -> ExitCode.DONE;
            case FAILED -> ExitCode.FOUND;
            case UNREACHABLE -> ExitCode.UNREACHABLE;
        };
        return new Result(exit, json, lines);
    }
}
