package dev.switchover.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchover.dualwrite.CopyProgress;
import dev.switchover.dualwrite.Operator;
import dev.switchover.dualwrite.verify.Finding;
import dev.switchover.dualwrite.verify.VerificationReport;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "verify",
        description = {
            "Compares both stores, record by record, while the service writes.",
            "What is under way is looked at again, so that a difference that is told is one. Of each it is said why: pending,"
                    + " parked, not mirrored, or drift. Nothing is changed; the result is kept, and shown by 'status'.",
            "With --quick only ids, versions and places in the order are compared, in a fraction of the time: what somebody changed"
                    + " round the library is not seen, unless a record came or went. That result is not kept."
        },
        footer = {
            "%nExamples:",
            "  switchover verify",
            "  switchover verify --quick",
            "  switchover verify --collection expenses --json | jq '.collections[].drift'",
            "%nExit code 1 if there is drift: 'switchover repair' shows what would mend it. 3 if JSON was retired, 4 if a store"
                    + " does not answer, 6 if a file is damaged."
        },
        mixinStandardHelpOptions = true)
final class VerifyCommand extends CollectionsCommand {

    @Option(names = "--quick", description = "By id and version; reads only records of which those differ.")
    private boolean quick;

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
                CopyProgress told = progress.of("verify");
                Consumer<Finding> findings = finding -> tell(name + " " + finding);
                report = quick ? operator.quickVerify(name, told, findings) : operator.verify(name, told, findings);
            }
            lines.add(report + (quick ? ", by version" : ""));
            reports.add(tree(report.toJson()));
            clean &= report.clean();
        }
        json.put("clean", clean).put("quick", quick);
        lines.add(
                clean
                        ? "No drift" + (quick ? " in ids and versions." : ".")
                        : "Drift: 'repair' shows what would mend it.");
        return new Result(clean ? ExitCode.DONE : ExitCode.FOUND, json, lines);
    }
}
