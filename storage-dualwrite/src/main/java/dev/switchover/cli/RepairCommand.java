package dev.switchover.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchover.dualwrite.Operator;
import dev.switchover.dualwrite.reconcile.Verification.Why;
import dev.switchover.dualwrite.repair.Repair.Wish;
import dev.switchover.dualwrite.repair.RepairReport;
import dev.switchover.dualwrite.verify.Finding;
import dev.switchover.dualwrite.verify.VerificationReport;
import dev.switchover.storage.Shown;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "repair",
        description = {
            "Makes the mirror equal to the primary where it drifted.",
            "Compares first and shows what it would do; does it when told, by an answer or by --yes. What the mirror has is saved in"
                    + " .switchover/aside before it is overwritten. What only the mirror has stays, unless --delete-extra."
        },
        footer = {
            "%nExamples:",
            "  switchover repair --dry-run",
            "  switchover repair --collection expenses --id 17 --id 23",
            "  switchover repair --delete-extra --yes",
            "%nExit code 1 if there is drift and it was only shown, or something is left; 3 if nothing can be repaired, as"
                    + " where JSON was retired; 4 if a store does not answer; 6 if a file is damaged."
        },
        mixinStandardHelpOptions = true)
final class RepairCommand extends CollectionsCommand {

    private static final int SHOWN = 20;

    @Mixin
    private PatienceOption patience = new PatienceOption();

    @Mixin
    private Confirmation confirmation = new Confirmation();

    @Option(names = "--dry-run", description = "Only show what it would do.")
    private boolean dryRun;

    @Option(names = "--delete-extra", description = "Delete in the mirror what only the mirror has.")
    private boolean deleteExtra;

    @Option(
            names = "--id",
            paramLabel = "ID",
            description = "Only this one; may be given several times. The empty one is the envelope.")
    private Set<String> ids = new LinkedHashSet<>();

    RepairCommand(Scope scope) {
        super(scope);
    }

    @Override
    Scope.Target adjust(Scope.Target target) {
        Scope.Target adjusted = super.adjust(target);
        if (!ids.isEmpty() && collections().size() > 1) {
            throw misunderstood("Name the --collection whose ids these are");
        }
        return adjusted;
    }

    @Override
    Result run(Operator operator) {
        Wish wish = new Wish(deleteExtra, ids);
        List<RepairReport> plans = new ArrayList<>();
        for (String name : collections()) {
            try (ProgressDisplay progress = new ProgressDisplay(terminal())) {
                plans.add(operator.repairPlan(name, wish, progress.of("compare")));
            }
        }
        boolean something = plans.stream().anyMatch(plan -> plan.repaired() > 0);
        if (dryRun || !something) {
            return result(plans, something);
        }
        StringBuilder question = new StringBuilder();
        plans.forEach(plan -> {
            question.append(plan).append('\n');
            ids(plan).forEach(line -> question.append(line).append('\n'));
        });
        confirmation.require(terminal(), question + "What the mirror has of them is saved aside first");
        List<RepairReport> done = new ArrayList<>();
        for (RepairReport plan : plans) {
            done.add(plan.repaired() == 0 ? plan : repaired(operator, plan.collection(), wish));
        }
        return result(done, false);
    }

    private RepairReport repaired(Operator operator, String name, Wish wish) {
        try (ProgressDisplay progress = new ProgressDisplay(terminal())) {
            return operator.repair(name, wish, patience.duration(), progress.request("repair " + name));
        }
    }

    private Result result(List<RepairReport> reports, boolean onlyShown) {
        ObjectNode json = object();
        ArrayNode list = json.putArray("collections");
        List<String> lines = new ArrayList<>();
        ExitCode exit = onlyShown ? ExitCode.FOUND : ExitCode.DONE;
        for (RepairReport report : reports) {
            lines.add(report.toString());
            lines.addAll(ids(report));
            list.add(tree(report.toJson()));
            exit = exit.or(exit(report.refusal(), left(report)));
        }
        return new Result(exit, json, lines);
    }

    /** What a plan is about. */
    private List<String> ids(RepairReport plan) {
        VerificationReport found = plan.found();
        if (found == null) {
            return List.of();
        }
        List<Finding> meant = found.findings().stream()
                .filter(finding -> finding.why() == Why.DRIFT && (ids.isEmpty() || ids.contains(finding.id())))
                .toList();
        List<String> lines = new ArrayList<>();
        meant.stream().limit(SHOWN).map(Finding::toString).forEach(line -> lines.add(Shown.text("  " + line)));
        if (plan.repaired() + plan.leftExtra() + plan.leftUnreadable() > Math.min(SHOWN, meant.size())) {
            lines.add("  … 'verify' lists all");
        }
        return lines;
    }

    private static long left(RepairReport report) {
        return report.done() ? report.drift() : report.leftExtra() + report.leftUnreadable();
    }

    private static ExitCode exit(@Nullable String refusal, long left) {
        if (refusal != null) {
            return ExitCode.REFUSED;
        }
        return left > 0 ? ExitCode.FOUND : ExitCode.DONE;
    }
}
