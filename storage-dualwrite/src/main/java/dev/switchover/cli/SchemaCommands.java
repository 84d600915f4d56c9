package dev.switchover.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchover.dualwrite.Operator;
import dev.switchover.dualwrite.SchemaReport;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code schema apply|validate|print|trigger}. */
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
            return result(this, operator.tables().apply());
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
            return result(this, operator.tables().look());
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
            String sql = operator.tables().sql();
            return new Result(
                    ExitCode.DONE, object().put("sql", sql), sql.lines().toList());
        }
    }

    @Command(
            name = "trigger",
            description = {
                "Creates triggers on the records' tables, so that what others write there with SQL reaches the mirror by itself"
                        + " while PostgreSQL is the authority.",
                "May be done while the service runs, and again. Needs PostgreSQL 14 or newer."
            },
            footer = {
                "%nExamples:",
                "  switchover schema trigger",
                "  switchover schema trigger --print | psql \"$DATABASE_URL\"",
                "  switchover schema trigger --remove"
            },
            mixinStandardHelpOptions = true)
    static final class Trigger extends OperatorCommand {

        @ArgGroup
        private Instead instead = new Instead();

        Trigger(Scope scope) {
            super(scope);
        }

        static final class Instead {
            @Option(names = "--print", description = "Only print the SQL.")
            private boolean print;

            @Option(names = "--remove", description = "Take the triggers away.")
            private boolean remove;
        }

        @Override
        Result run(Operator operator) {
            if (instead.print) {
                String sql = operator.tables().triggerSql();
                return new Result(
                        ExitCode.DONE, object().put("sql", sql), sql.lines().toList());
            }
            if (instead.remove) {
                operator.tables().removeTrigger();
            } else {
                operator.tables().applyTrigger();
            }
            return new Result(
                    ExitCode.DONE,
                    object().put("present", !instead.remove),
                    List.of(
                            instead.remove
                                    ? "The triggers are gone."
                                    : "The triggers are there: rows written round the library become pending."));
        }
    }
}
