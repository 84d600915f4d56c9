package dev.switchover.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The name all commands are under; does nothing itself. */
@Command(
        name = "switchover",
        description = "Shows and moves the storage of a service between JSON files and PostgreSQL.",
        footerHeading =
                "%nThe phase is chosen by FF_USE_DATABASE_STORAGE and FF_DUAL_WRITE_ENABLED, from the environment or"
                        + " the feature_flags table; DATABASE_URL or DATABASE_URL_FILE says where PostgreSQL is. Give a command the"
                        + " environment the service has.%n%nTo begin with: 'check', 'preflight' and 'rehearse' change nothing. 'schema"
                        + " apply' makes the tables. Ask 'plan' before each start with other flags. Each command has a --help"
                        + " with examples; docs/runbook.md goes through the phases.%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done, and nothing was found that needs anybody",
            "1:done, and something was found: differences, records that are refused, a check that failed",
            "2:bad usage or wrong settings; nothing was touched",
            "3:refused, because going on would risk records; code and remedy are in the message",
            "4:the database or the directory does not answer",
            "5:nobody confirmed it; nothing was changed",
            "6:a file or table is not what it should be; it was not touched",
            "70:a mistake of the program itself"
        },
        mixinStandardHelpOptions = true,
        versionProvider = Versions.class)
final class RootCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        if (spec != null) {
            throw new ParameterException(spec.commandLine(), "Name a command");
        }
    }
}
