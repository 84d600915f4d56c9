package dev.switchover.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchover.dualwrite.Operator;
import dev.switchover.dualwrite.StorageStatus;
import dev.switchover.dualwrite.StorageStatus.CollectionStatus;
import dev.switchover.dualwrite.StorageStatus.Health;
import dev.switchover.storage.Shown;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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
            "  switchover status --pending",
            "  switchover status --json | jq '.collections[] | {name, phase, pending, parked}'",
            "%nExit code 1 if something needs attention: parked records, drift in the last verification, a collection whose"
                    + " ledger is there and does not let it serve; 4 if a store does not answer; 6 if one cannot be used."
        },
        mixinStandardHelpOptions = true)
final class StatusCommand extends OperatorCommand {

    private static final int PENDING_AT_MOST = 100;

    @Option(names = "--pending", description = "Also list the ids that are pending, of each collection the oldest 100.")
    private boolean pending;

    StatusCommand(Scope scope) {
        super(scope);
    }

    @Override
    Result run(Operator operator) {
        StorageStatus status = operator.status();
        ObjectNode json = tree(status.toJson());
        List<String> lines = new ArrayList<>(StatusText.lines(status));
        if (pending) {
            pending(operator, status, json, lines);
        }
        return new Result(exit(status), json, lines);
    }

    private void pending(Operator operator, StorageStatus status, ObjectNode json, List<String> lines) {
        ObjectNode byCollection = json.putObject("pendingIds");
        lines.add("");
        for (CollectionStatus collection : status.collections()) {
            ArrayNode ids = byCollection.putArray(collection.name());
            if (collection.pending() <= 0) {
                continue; // nothing is, or nobody knows, as the status says
            }
            for (StorageStatus.Pending each : operator.pending(collection.name(), PENDING_AT_MOST)) {
                lines.add(collection.name() + " " + Shown.id(each.id()) + ", version " + each.version() + ", since "
                        + each.since());
                ids.addObject()
                        .put("id", each.id())
                        .put("version", each.version())
                        .put("since", each.since().toString());
            }
        }
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
