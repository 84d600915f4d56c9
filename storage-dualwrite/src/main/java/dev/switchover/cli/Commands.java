package dev.switchover.cli;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Which commands there are, in the order the help shows them. */
final class Commands {

    private Commands() {}

    static void addTo(CommandLine line, Scope scope) {
        add(line, new StatusCommand(scope));
        add(line, new CheckCommand(scope));
        add(line, new PreflightCommand(scope));
        add(line, new RehearseCommand(scope));
        add(line, new PlanCommand(scope));
        CommandLine flags = group(line, new Group.Flags());
        add(flags, new FlagsListCommand(scope));
        add(flags, new FlagsSetCommand(scope));
        add(flags, new FlagsUnsetCommand(scope));
        add(line, new BackfillCommand(scope));
        add(line, new VerifyCommand(scope));
        add(line, new RepairCommand(scope));
        add(line, new RollbackCheckCommand(scope));
        add(line, new ExportCommand(scope));
        CommandLine parked = group(line, new Group.Parked());
        add(parked, new ParkedListCommand(scope));
        add(parked, new ParkedChangeCommand.Retry(scope));
        add(parked, new ParkedChangeCommand.Discard(scope));
        add(line, new AdoptCommand(scope));
        add(line, new RetireCommand(scope));
        CommandLine backup = group(line, new Group.Backup());
        add(backup, new BackupCommands.Create(scope));
        add(backup, new BackupCommands.Listing(scope));
        add(backup, new BackupCommands.Verify(scope));
        add(backup, new BackupCommands.Stats(scope));
        add(backup, new RestoreCommands.Restore(scope));
        add(backup, new BackupCommands.Clean(scope));
        add(backup, new RestoreCommands.Recover(scope));
        CommandLine schema = group(line, new Group.Schema());
        add(schema, new SchemaCommands.Apply(scope));
        add(schema, new SchemaCommands.Validate(scope));
        add(schema, new SchemaCommands.Print(scope));
        add(schema, new SchemaCommands.Trigger(scope));
    }

    private static CommandLine group(CommandLine line, Group group) {
        CommandLine sub = new CommandLine(group);
        line.addSubcommand(sub);
        return sub;
    }

    private static void add(CommandLine line, StorageCommand command) {
        CommandLine sub = new CommandLine(command);
        if (command.scope().standalone()) {
            sub.getCommandSpec().addMixin("standalone", CommandSpec.forAnnotatedObject(command.standaloneOptions()));
        }
        line.addSubcommand(sub);
    }
}
