package dev.switchover.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchover.dualwrite.Operator;
import dev.switchover.dualwrite.export.ExportReport;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "export",
        description = {
            "Writes the JSON files from what the authority has now, in the layout the service had.",
            "Each file is written whole, checked, and put in place of the old one, or the old one stays. Beside a running"
                    + " service the holder of the directory is asked to do it. With --output-dir the files go into another folder,"
                    + " and nothing of the storage is touched."
        },
        footer = {
            "%nExamples:",
            "  switchover export",
            "  switchover export --output-dir /backup/json --collection expenses",
            "  30 2 * * *  switchover export --output-dir /backup/json --json >> /var/log/export.log"
        },
        mixinStandardHelpOptions = true)
final class ExportCommand extends CollectionsCommand {

    @Mixin
    private PatienceOption patience = new PatienceOption();

    @Option(
            names = "--output-dir",
            paramLabel = "DIR",
            description = "Another folder than the storage's own; made if it is not there.")
    private @Nullable Path folder;

    ExportCommand(Scope scope) {
        super(scope);
    }

    @Override
    Result run(Operator operator) {
        ExportReport report;
        try (ProgressDisplay progress = new ProgressDisplay(terminal())) {
            report = folder == null
                    ? operator.export(collections(), patience.duration(), progress.request("export"))
                    : operator.exportTo(folder, collections(), progress.request("export"));
        }
        ObjectNode json = tree(report.toJson());
        List<String> lines = report.toString().lines().toList();
        return new Result(ExitCode.DONE, json, lines);
    }
}
