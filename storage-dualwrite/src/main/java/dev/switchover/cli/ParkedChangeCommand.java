package dev.switchover.cli;

import dev.switchover.dualwrite.Operator;
import dev.switchover.dualwrite.StorageStatus.Parked;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code parked retry|discard}: the collection, and which of its parked records. */
abstract class ParkedChangeCommand extends OperatorCommand {

    @Parameters(index = "0", paramLabel = "COLLECTION", description = "Whose they are.")
    private String collection = "";

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "ID",
            description = "Their ids, as 'parked list --json' has them; the empty one is the envelope.")
    private List<String> some = List.of();

    @Option(names = "--all", description = "Instead of ids: all that are parked now.")
    private boolean all;

    ParkedChangeCommand(Scope scope) {
        super(scope);
    }

    @Override
    final Scope.Target adjust(Scope.Target target) {
        target.collection(collection);
        // Never all because somebody forgot to say which.
        if (all != some.isEmpty()) {
            throw misunderstood("Name the ids, or --all");
        }
        return target;
    }

    @Override
    final Result run(Operator operator) {
        List<String> ids = all
                ? operator.parking().list(collection).stream().map(Parked::id).toList()
                : some;
        int changed = ids.isEmpty() ? 0 : change(operator, collection, ids);
        String line = changed + (changed == 1 ? " record is " : " records are ") + done();
        return new Result(
                ExitCode.DONE,
                object().put("collection", collection).put("asked", ids.size()).put("changed", changed),
                List.of(line));
    }

    /** How many of them were parked. */
    abstract int change(Operator operator, String name, List<String> ids);

    abstract String done();

    @Command(
            name = "retry",
            description = {
                "Has the mirror try parked records again, after the cause is gone.",
                "What it refuses again is parked again: look at 'parked list' a moment later."
            },
            footer = {
                "%nExamples:",
                "  switchover parked retry expenses 17 23",
                "  switchover parked retry expenses --all"
            },
            mixinStandardHelpOptions = true)
    static final class Retry extends ParkedChangeCommand {
        Retry(Scope scope) {
            super(scope);
        }

        @Override
        int change(Operator operator, String name, List<String> ids) {
            return operator.parking().retry(name, ids);
        }

        @Override
        String done() {
            return "pending again.";
        }
    }

    @Command(
            name = "discard",
            description = {
                "Gives up carrying parked records over. The primary keeps them; what it has now is saved in .switchover/aside.",
                "The mirror will lack them, also after it becomes the authority. Asks first."
            },
            footer = {
                "%nExamples:",
                "  switchover parked discard expenses 17",
                "  switchover parked discard expenses --all --yes"
            },
            mixinStandardHelpOptions = true)
    static final class Discard extends ParkedChangeCommand {
        @Mixin
        private Confirmation confirmation = new Confirmation();

        Discard(Scope scope) {
            super(scope);
        }

        @Override
        int change(Operator operator, String name, List<String> ids) {
            confirmation.require(
                    terminal(),
                    ids.size() + " parked records of " + name
                            + " are given up: the mirror will lack them, also after it becomes the authority");
            return operator.parking().discard(name, ids);
        }

        @Override
        String done() {
            return "discarded, and saved in .switchover/aside.";
        }
    }
}
