package dev.switchover.cli;

import java.util.List;
import picocli.CommandLine.Option;

/** A command about some of the collections. */
abstract class CollectionsCommand extends OperatorCommand {

    @Option(
            names = "--collection",
            paramLabel = "NAME",
            split = ",",
            description = "Only this one; may be given several times. All by default.")
    private List<String> chosen = List.of();

    private List<String> collections = List.of();

    CollectionsCommand(Scope scope) {
        super(scope);
    }

    /** @throws dev.switchover.storage.ConfigurationException if one of them is unknown */
    @Override
    Scope.Target adjust(Scope.Target target) {
        collections = chosen.isEmpty()
                ? target.names()
                : chosen.stream().map(target::collection).toList();
        return target;
    }

    /** Their names. */
    final List<String> collections() {
        return collections;
    }
}
