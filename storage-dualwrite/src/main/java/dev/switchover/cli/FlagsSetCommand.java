package dev.switchover.cli;

import dev.switchover.dualwrite.Operator;
import dev.switchover.dualwrite.flags.FlagNames;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "set",
        description = {
            "Writes a flag into the feature_flags table. It holds from the next start of the service on.",
            "A variable of the environment goes before the table; the result shows which one counts here."
        },
        footer = {
            "%nExamples:",
            "  switchover flags set DUAL_WRITE_ENABLED true",
            "  switchover flags set USE_DATABASE_STORAGE_EXPENSES on",
            "%nLook at 'switchover plan' before the start."
        },
        mixinStandardHelpOptions = true)
final class FlagsSetCommand extends OperatorCommand {

    @Parameters(
            index = "0",
            paramLabel = "FLAG",
            description =
                    "USE_DATABASE_STORAGE or DUAL_WRITE_ENABLED, maybe with _COLLECTION behind it; with FF_ or without.")
    private String flag = "";

    @Parameters(index = "1", paramLabel = "VALUE", description = "true, 1, yes, on or false, 0, no, off.")
    private String value = "";

    FlagsSetCommand(Scope scope) {
        super(scope);
    }

    @Override
    Result run(Operator operator) {
        boolean enabled = FlagNames.value(value);
        String name = operator.flagTable().set(flag, enabled);
        Result now = FlagsListCommand.show(this, operator.flags());
        List<String> lines = new ArrayList<>();
        lines.add(name + " is " + enabled + " in the table, from the next start on.");
        lines.addAll(now.lines());
        now.json().put("set", name).put("value", enabled);
        return new Result(now.exit(), now.json(), lines);
    }
}
