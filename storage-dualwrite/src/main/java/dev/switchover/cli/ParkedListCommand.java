package dev.switchover.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchover.dualwrite.Operator;
import dev.switchover.dualwrite.StorageStatus.Parked;
import dev.switchover.storage.Shown;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "list",
        description = {
            "Lists the records the mirror refuses, and why. They are not tried again by themselves, and stop a change of"
                    + " authority.",
            "The primary has them all the same; nothing is lost."
        },
        footer = {
            "%nExamples:",
            "  switchover parked list",
            "  switchover parked list --collection expenses --json | jq -r '.parked[].id'",
            "%nExit code 1 if there are any."
        },
        mixinStandardHelpOptions = true)
final class ParkedListCommand extends OperatorCommand {

    @Option(names = "--collection", paramLabel = "NAME", description = "Only those of this collection.")
    private @Nullable String collection;

    private List<String> names = List.of();

    ParkedListCommand(Scope scope) {
        super(scope);
    }

    @Override
    Scope.Target adjust(Scope.Target target) {
        names = collection == null ? target.names() : List.of(target.collection(collection));
        return target;
    }

    @Override
    Result run(Operator operator) {
        List<String> lines = new ArrayList<>();
        ObjectNode json = object();
        ArrayNode list = json.putArray("parked");
        for (String name : names) {
            for (Parked parked : operator.parking().list(name)) {
                lines.add(name + " " + Shown.id(parked.id()) + ", version " + parked.version() + ", since "
                        + parked.since() + ": " + parked.reason());
                list.add(object().put("collection", name)
                        .put("id", parked.id())
                        .put("version", parked.version())
                        .put("since", parked.since().toString())
                        .put("reason", parked.reason()));
            }
        }
        lines.add(
                list.isEmpty()
                        ? "Nothing is parked."
                        : list.size() + " parked: take the cause away and 'parked retry', or 'parked discard' them.");
        return new Result(list.isEmpty() ? ExitCode.DONE : ExitCode.FOUND, json, lines);
    }
}
