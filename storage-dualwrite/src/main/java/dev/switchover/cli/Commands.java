package dev.switchover.cli;

import picocli.CommandLine;

/** Which commands there are, in the order the help shows them. */
final class Commands {

    private Commands() {}

    static void addTo(CommandLine line, Scope scope) {
        add(line, new PreflightCommand(scope));
    }

    private static void add(CommandLine line, StorageCommand command) {
        CommandLine sub = new CommandLine(command);
        if (command.scope().standalone()) {
            sub.getCommandSpec()
                    .addMixin(
                            "standalone",
                            CommandLine.Model.CommandSpec.forAnnotatedObject(command.standaloneOptions()));
        }
        line.addSubcommand(sub);
    }
}
