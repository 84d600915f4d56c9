package dev.switchover.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchover.cli.Scope.Target;
import dev.switchover.dualwrite.Operator;
import dev.switchover.dualwrite.StorageStatus;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.dualwrite.plan.StartPlan;
import dev.switchover.dualwrite.plan.StartPlan.Step;
import dev.switchover.storage.RequestFailedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "adopt",
        description = {
            "Says which store is right, where the guard cannot know: after UNKNOWN-CONTENT, LEDGER-MISSING, WENT-BACK-IN-TIME,"
                    + " TWO-AUTHORITIES and their like.",
            "Does what a start with SWITCHOVER_ADOPT would, in the phase the flags choose, and stops again. What only the other"
                    + " store has, or has otherwise, is saved in .switchover/aside. The service must be stopped. Asks first."
        },
        footer = {
            "%nExamples:",
            "  switchover adopt json",
            "  switchover adopt database --yes",
            "%nExit code 3 if there is nothing to settle, or the start is refused all the same; nothing was changed then."
        },
        mixinStandardHelpOptions = true)
final class AdoptCommand extends StorageCommand {

    private static final String VARIABLE = "SWITCHOVER_ADOPT";

    /** Which store is right. */
    enum Right {
        JSON,
        DATABASE
    }

    @Parameters(index = "0", paramLabel = "STORE", description = "The one that is right: json or database.")
    private Right right = Right.JSON;

    @Mixin
    private Confirmation confirmation = new Confirmation();

    AdoptCommand(Scope scope) {
        super(scope);
    }

    @Override
    Result run(Target target) {
        Map<String, String> environment = new TreeMap<>(target.environment());
        environment.remove(VARIABLE);
        requireDoubt(target.with(Map.copyOf(environment)));
        environment.put(VARIABLE, Words.of(right));
        Target adopting = target.with(environment);
        confirmation.require(terminal(), question(adopting));
        ObjectNode json = object().put("adopted", Words.of(right));
        ArrayNode collections = json.putArray("collections");
        List<String> lines = new ArrayList<>();
        try (SwitchoverStorage storage = adopting.builder().open()) {
            for (StorageStatus.CollectionStatus each : storage.status().collections()) {
                lines.add(each.name() + ": " + each.phase() + ", "
                        + each.primary().label() + " is the authority");
                collections.add(object().put("collection", each.name())
                        .put("phase", each.phase().name())
                        .put("authority", each.primary().name()));
            }
        }
        lines.add("Start the service without " + VARIABLE + ".");
        return new Result(ExitCode.DONE, json, lines);
    }

    /** Where the guard knows which store is right, nobody has to say so, least of all the other way round. */
    private void requireDoubt(Target target) {
        try (Operator operator = target.builder().operator()) {
            boolean known = operator.plan().collections().stream().noneMatch(AdoptCommand::isInDoubt);
            if (known) {
                throw new RequestFailedException(
                        "adopt",
                        "There is nothing to settle: the guard knows which store is right, and a start is not refused. Look at"
                                + " 'switchover plan'. Nothing was changed");
            }
        }
    }

    /** What meets for the first time may turn out to differ only when it is compared. */
    private static boolean isInDoubt(StartPlan.Collection plan) {
        return plan.refused() || plan.step() == Step.JOIN || plan.step() == Step.FIRST_CONTACT;
    }

    private String question(Target target) {
        StringBuilder question = new StringBuilder();
        try (Operator operator = target.builder().operator()) {
            for (StartPlan.Collection plan : operator.plan().collections()) {
                question.append(plan.name())
                        .append(" in ")
                        .append(plan.phase())
                        .append(": ")
                        .append(plan.summary())
                        .append('\n');
            }
        }
        return question.append(right == Right.JSON ? "JSON" : "PostgreSQL")
                .append(" is taken to be right; what only the other store has is saved aside and no longer served")
                .toString();
    }
}
