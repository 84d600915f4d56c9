package dev.switchover.cli;

import dev.switchover.dualwrite.Operator;
import dev.switchover.dualwrite.rehearsal.RehearsalReport;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "rehearse",
        description = {
            "Plays the whole migration and the way back, on a copy of the records and in a schema of its own.",
            "Every phase is started and measured, and what comes back is compared with what went. What is real is only read;"
                    + " nothing is left behind. The role needs the right to make a schema."
        },
        footer = {
            "%nExamples:",
            "  switchover rehearse",
            "  switchover rehearse --work-dir /mnt/large --json | jq '.steps[] | {name, tookMillis}'",
            "%nExit code 1 if it did not pass."
        },
        mixinStandardHelpOptions = true)
final class RehearseCommand extends OperatorCommand {

    @Option(
            names = "--work-dir",
            paramLabel = "DIR",
            description =
                    "Where the copy is made and removed again; the system's folder for temporary files by default.")
    private @Nullable Path folder;

    RehearseCommand(Scope scope) {
        super(scope);
    }

    @Override
    Result run(Operator operator) {
        Path within = folder == null ? Path.of(System.getProperty("java.io.tmpdir", ".")) : folder;
        RehearsalReport report;
        try (ProgressDisplay progress = new ProgressDisplay(terminal())) {
            report = operator.rehearse(within, progress.request("rehearse"));
        }
        List<String> lines = report.toString().lines().toList();
        return new Result(report.passed() ? ExitCode.DONE : ExitCode.FOUND, tree(report.toJson()), lines);
    }
}
