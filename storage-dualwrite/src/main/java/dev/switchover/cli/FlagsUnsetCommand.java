package dev.switchover.cli;

import dev.switchover.dualwrite.Operator;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "unset",
        description = {
            "Takes a flag out of the feature_flags table, so that the flag for all collections, or the default, false, counts"
                    + " again from the next start on."
        },
        footer = {"%nExamples:", "  switchover flags unset DUAL_WRITE_ENABLED_EXPENSES"},
        mixinStandardHelpOptions = true)
final class FlagsUnsetCommand extends OperatorCommand {

    @Parameters(index = "0", paramLabel = "FLAG", description = "As for 'flags set'.")
    private String flag = "";

    FlagsUnsetCommand(Scope scope) {
        super(scope);
    }

    @Override
    Result run(Operator operator) {
        boolean wasThere = operator.flagTable().unset(flag);
        Result now = FlagsListCommand.show(this, operator.flags());
        List<String> lines = new ArrayList<>();
        lines.add(wasThere ? "It is out of the table, from the next start on." : "It was not in the table.");
        lines.addAll(now.lines());
        now.json().put("wasThere", wasThere);
        return new Result(now.exit(), now.json(), lines);
    }
}
