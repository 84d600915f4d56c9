package dev.switchover.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchover.dualwrite.Operator;
import dev.switchover.dualwrite.verify.VerificationReport;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

@Command(
        name = "verify",
        description = {
            "Compares both stores, record by record, while the service writes.",
            "What is under way is looked at again, so that a difference that is told is one. Of each it is said why: pending,"
                    + " parked, not mirrored, or drift. Nothing is changed; the result is kept, and shown by 'status'."
        },
        footer = {
            "%nExamples:",
            "  switchover verify",
            "  switchover verify --collection expenses --json | jq '.collections[].drift'",
            "%nExit code 1 if there is drift: 'switchover repair' shows what would mend it. 3 if JSON was retired, 4 if a store"
                    + " does not answer, 6 if a file is damaged."
        },
        mixinStandardHelpOptions = true)
final class VerifyCommand extends CollectionsCommand {

    VerifyCommand(Scope scope) {
        super(scope);
    }

    @Override
    Result run(Operator operator) {
        List<String> lines = new ArrayList<>();
        ObjectNode json = object();
        ArrayNode reports = json.putArray("collections");
        boolean clean = true;
        for (String name : collections()) {
            VerificationReport report;
            try (ProgressDisplay progress = new ProgressDisplay(terminal())) {
                report = operator.verify(name, progress.of("verify"), finding -> tell(name + " " + finding));
            }
            lines.add(report.toString());
            reports.add(tree(report.toJson()));
            clean &= report.clean();
        }
        json.put("clean", clean);
        lines.add(clean ? "No drift." : "Drift: 'repair' shows what would mend it.");
        return new Result(clean ? ExitCode.DONE : ExitCode.FOUND, json, lines);
    }
}
