package dev.switchover.cli;

import dev.switchover.dualwrite.Operator;
import dev.switchover.dualwrite.retire.RetireReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "retire",
        description = {
            "The end of the road: every instance is in DB_ONLY, and nobody wants the JSON files any more.",
            "Makes a backup, brings them up to date, compares them with the database, archives them with a checksum, and deletes them. From then on"
                    + " DB_ONLY needs no directory, and other phases are refused until an export makes the files again. What was"
                    + " broken off is gone on with. Asks first."
        },
        footer = {
            "%nExamples:",
            "  switchover retire /backup/archive",
            "  switchover retire /backup/archive --yes --json",
            "%nExit code 3 if the stores are not ready for it; then nothing was deleted."
        },
        mixinStandardHelpOptions = true)
final class RetireCommand extends OperatorCommand {

    @Parameters(index = "0", paramLabel = "DIR", description = "Where the archive goes.")
    private Path folder = Path.of("");

    @Mixin
    private PatienceOption patience = new PatienceOption();

    @Mixin
    private Confirmation confirmation = new Confirmation();

    RetireCommand(Scope scope) {
        super(scope);
    }

    @Override
    Result run(Operator operator) {
        confirmation.require(
                terminal(),
                "The JSON files are archived in " + folder + " and deleted; only PostgreSQL has the records then");
        RetireReport report;
        try (ProgressDisplay progress = new ProgressDisplay(terminal())) {
            report = operator.retire(folder, patience.duration(), progress.request("retire"));
        }
        List<String> lines = new ArrayList<>();
        report.files().forEach(file -> lines.add(file.file() + ": " + file.records() + " records"));
        report.left().forEach(name -> lines.add(name + " was changed since, and is left where it is"));
        lines.add("Backup of everything in " + report.backup());
        lines.add("Archived in " + report.archive() + ", sha256 " + report.sha256());
        return new Result(report.left().isEmpty() ? ExitCode.DONE : ExitCode.FOUND, tree(report.toJson()), lines);
    }
}
