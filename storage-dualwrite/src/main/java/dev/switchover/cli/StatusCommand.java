package dev.switchover.cli;

import dev.switchover.dualwrite.Operator;
import dev.switchover.dualwrite.StorageStatus;
import dev.switchover.dualwrite.StorageStatus.CollectionStatus;
import dev.switchover.dualwrite.StorageStatus.Health;
import picocli.CommandLine.Command;

@Command(
        name = "status",
        description = {
            "Shows where everything stands: phases and where the flags came from, both stores, what is pending.",
            "Takes no lock and changes nothing; cheap enough to be run every few seconds. What only the service's own process"
                    + " knows, as the mirror worker's state, is in its console and its metrics."
        },
        footer = {
            "%nExamples:",
            "  switchover status",
            "  switchover status --json | jq '.collections[] | {name, phase, pending, parked}'",
            "%nExit code 1 if something needs attention: parked records, drift in the last verification, a collection whose"
                    + " ledger is there and does not let it serve; 4 if a store does not answer; 6 if one cannot be used."
        },
        mixinStandardHelpOptions = true)
final class StatusCommand extends OperatorCommand {

    StatusCommand(Scope scope) {
        super(scope);
    }

    @Override
    Result run(Operator operator) {
        StorageStatus status = operator.status();
        return new Result(exit(status), tree(status.toJson()), StatusText.lines(status));
    }

    private static ExitCode exit(StorageStatus status) {
        ExitCode exit = ExitCode.DONE;
        for (CollectionStatus collection : status.collections()) {
            exit = StatusText.needsAttention(collection) ? exit.or(ExitCode.FOUND) : exit;
        }
        for (StorageStatus.StoreHealth store : status.stores()) {
            exit = exit.or(exit(store.health()));
        }
        return exit;
    }

    private static ExitCode exit(Health health) {
        return switch (health) {
            case OK, EMPTY, RETIRED, NOT_CONFIGURED -> ExitCode.DONE;
            case AWAY -> ExitCode.UNREACHABLE;
            case UNUSABLE -> ExitCode.UNREADABLE;
        };
    }
}
