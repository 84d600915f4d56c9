package dev.switchover.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A word several commands are under; does nothing itself. */
@Command(mixinStandardHelpOptions = true)
abstract class Group implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        if (spec != null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Name one of " + String.join(", ", spec.subcommands().keySet()));
        }
    }

    @Command(name = "flags", description = "Shows and changes the flags that choose the phase.")
    static final class Flags extends Group {}

    @Command(name = "backup", description = "Makes, checks, restores and cleans up backups; recovers what was lost.")
    static final class Backup extends Group {}

    @Command(name = "schema", description = "Makes, checks and prints the tables.")
    static final class Schema extends Group {}

    @Command(name = "parked", description = "Deals with records the mirror refuses.")
    static final class Parked extends Group {}
}
