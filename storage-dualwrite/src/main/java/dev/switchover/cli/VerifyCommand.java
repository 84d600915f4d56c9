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
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "verify",
        description = {
            "Compares both stores, record by record, while the service writes.",
            "What is under way is looked at again, so that a difference that is told is one. Of each it is said why: pending,"
                    + " parked, not mirrored, or drift. Nothing is changed; the result is kept, and shown by 'status'.",
            "With --quick only ids, versions and places in the order are compared, in a fraction of the time: what somebody changed"
                    + " round the library is not seen, unless a record came or went. That result is not kept.",
            "The files are read as a start would read them, and their records held, in as much memory as the service has for"
                    + " them. With --in-service the service that holds the directory compares what it has in memory: no"
                    + " records are held here, and the files are not looked at. The first 100 that drifted and the first 100"
                    + " others are listed then. In DB_ONLY no service holds the directory."
        },
        footer = {
            "%nExamples:",
            "  switchover verify",
            "  switchover verify --quick",
            "  switchover verify --in-service",
            "  switchover verify --collection expenses --json | jq '.collections[].drift'",
            "%nExit code 1 if there is drift: 'switchover repair' shows what would mend it. 3 if JSON was retired, which --in-service"
                    + " does not see, PostgreSQL has no tables yet, or the service says why it cannot; 4 if a store, or with"
                    + " --in-service whoever holds the directory, does not answer; 6 if a file is damaged, which --in-service does not see."
        },
        mixinStandardHelpOptions = true)
final class VerifyCommand extends CollectionsCommand {

    @Option(names = "--quick", description = "By id and version; reads only records of which those differ.")
    private boolean quick;

    @Option(names = "--in-service", description = "By the running service, which has the records in memory.")
    private boolean inService;

    /** For each collection, of the service. */
    @Mixin
    private PatienceOption patience = new PatienceOption();

    VerifyCommand(Scope scope) {
        super(scope);
    }

    @Override
    Scope.Target adjust(Scope.Target target) {
        if (patience.isGiven() && !inService) {
            throw misunderstood(
                    "--patience is for the service, and only --in-service asks it: add --in-service, or leave"
                            + " --patience out");
        }
        return super.adjust(target);
    }

    @Override
    Result run(Operator operator) {
        List<String> lines = new ArrayList<>();
        ObjectNode json = object();
        ArrayNode reports = json.putArray("collections");
        boolean clean = true;
        for (String name : collections()) {
            VerificationReport report = verified(operator, name);
            lines.add(report + (quick ? ", by version" : ""));
            reports.add(tree(report.toJson()));
            clean &= report.clean();
        }
        json.put("clean", clean).put("quick", quick).put("byService", inService);
        lines.add(
                clean
                        ? "No drift" + (quick ? " in ids and versions." : ".")
                        : "Drift: 'repair' shows what would mend it.");
        return new Result(clean ? ExitCode.DONE : ExitCode.FOUND, json, lines);
    }

    private VerificationReport verified(Operator operator, String name) {
        Consumer<Finding> findings = finding -> tell(name + " " + finding);
        VerificationReport report;
        try (ProgressDisplay progress = new ProgressDisplay(terminal())) {
            if (!inService) {
                CopyProgress told = progress.of("verify");
                return quick ? operator.quickVerify(name, told, findings) : operator.verify(name, told, findings);
            }
            report = operator.verifyInService(name, quick, patience.duration(), progress.request("verify " + name));
        }
        report.findings().forEach(findings);
        if (!report.complete()) {
            tell(name + " … the first only; without --in-service all are listed");
        }
        return report;
    }
}
