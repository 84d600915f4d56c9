package dev.switchover.cli;

import java.util.List;
import picocli.CommandLine.Option;

/** Which collections a command is about; all of them if nothing is said. */
final class CollectionsOption {

    @Option(
            names = "--collection",
            paramLabel = "NAME",
            split = ",",
            description = "Only this one; may be given several times. All by default.")
    private List<String> names = List.of();

    /** The names, checked. @throws dev.switchover.storage.ConfigurationException if one of them is unknown */
    List<String> of(Scope.Target target) {
        return names.isEmpty()
                ? target.names()
                : names.stream().map(target::collection).toList();
    }
}
