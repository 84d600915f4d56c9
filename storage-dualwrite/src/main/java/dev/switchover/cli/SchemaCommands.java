package dev.switchover.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchover.dualwrite.Operator;
import dev.switchover.dualwrite.SchemaReport;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code schema apply|validate|print}. */
final class SchemaCommands {

    private SchemaCommands() {}

    private static Result result(StorageCommand command, SchemaReport report) {
        ObjectNode json = command.object().put("fits", report.fits());
        command.strings(json, "own", report.own());
        command.strings(json, "problems", report.problems());
        command.strings(json, "missing", report.missing());
        List<String> lines = new ArrayList<>(report.own());
        lines.addAll(report.problems());
        report.missing().forEach(statement -> lines.add(statement + ";"));
        lines.add(
                report.fits()
                        ? "The tables fit."
                        : "The tables do not fit: 'schema apply' makes what is missing, 'schema print' shows the SQL of all"
                                + (report.problems().isEmpty() ? "." : "; what has to be changed by hand is above."));
        return new Result(report.fits() ? ExitCode.DONE : ExitCode.FOUND, json, lines);
    }

    @Command(
            name = "apply",
            description = {
                "Creates and upgrades the tables, whatever SWITCHOVER_SCHEMA says. Nothing is dropped; tables that belong to"
                        + " somebody else are not touched.",
                "May be done while the service runs, and again. The library's own tables are made by Flyway, in a history of"
                        + " their own."
            },
            footer = {"%nExamples:", "  switchover schema apply", "%nExit code 3 if a table does not fit; it says how."
            },
            mixinStandardHelpOptions = true)
    static final class Apply extends OperatorCommand {
        Apply(Scope scope) {
            super(scope);
        }

        @Override
        Result run(Operator operator) {
            return result(this, operator.applySchema());
        }
    }

    @Command(
            name = "validate",
            description = "Compares the tables with what the collections need. Changes nothing.",
            footer = {
                "%nExamples:",
                "  switchover schema validate && echo good to go",
                "%nExit code 1 if something is missing or does not fit."
            },
            mixinStandardHelpOptions = true)
    static final class Validate extends OperatorCommand {
        Validate(Scope scope) {
            super(scope);
        }

        @Override
        Result run(Operator operator) {
            return result(this, operator.schema());
        }
    }

    @Command(
            name = "print",
            description = "Prints the SQL of all tables, for whoever applies it by hand. Asks no database.",
            footer = {"%nExamples:", "  switchover schema print | psql \"$DATABASE_URL\""},
            mixinStandardHelpOptions = true)
    static final class Print extends OperatorCommand {
        Print(Scope scope) {
            super(scope);
        }

        @Override
        Result run(Operator operator) {
            String sql = operator.schemaSql();
            return new Result(
                    ExitCode.DONE, object().put("sql", sql), sql.lines().toList());
        }
    }
}
