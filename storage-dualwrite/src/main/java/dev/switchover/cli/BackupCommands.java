package dev.switchover.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchover.dualwrite.Operator;
import dev.switchover.dualwrite.backup.BackupCheck;
import dev.switchover.dualwrite.backup.BackupFile;
import dev.switchover.dualwrite.backup.BackupKind;
import dev.switchover.dualwrite.backup.BackupStats;
import dev.switchover.dualwrite.backup.CleanReport;
import dev.switchover.dualwrite.backup.Retention;
import dev.switchover.storage.ConfigurationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands under {@code backup} that make and look after backups. */
final class BackupCommands {

    private BackupCommands() {}

    static String line(BackupFile file) {
        String problem = file.problem();
        return String.format(
                Locale.ROOT,
                "%3d  %s  %,d records, %,d bytes%s",
                file.number(),
                file.name(),
                file.records(),
                file.bytes(),
                problem == null ? "" : "  DAMAGED: " + problem);
    }

    @Command(
            name = "create",
            description = {
                "Makes a backup of what the authority of each collection has, beside a running service or without one.",
                "Takes no lock and changes no store."
            },
            footer = {"%nExample, for cron:", "  0 2 * * *  switchover backup create --kind scheduled --clean"},
            mixinStandardHelpOptions = true)
    static final class Create extends OperatorCommand {

        @Option(names = "--collection", paramLabel = "NAME", description = "Only this one; may be given several times.")
        private List<String> collections = new ArrayList<>();

        @Option(
                names = "--kind",
                paramLabel = "KIND",
                description = "manual (the default) or scheduled. Backups of the other kinds make themselves.")
        private Asked kind = Asked.MANUAL;

        @Option(
                names = "--clean",
                description = "Then check it, and, if it is sound, remove what backup clean removes.")
        private boolean clean;

        /** Those somebody may ask for; of the others some are never cleaned up. */
        private enum Asked {
            MANUAL(BackupKind.MANUAL),
            SCHEDULED(BackupKind.SCHEDULED);

            private final BackupKind kind;

            Asked(BackupKind kind) {
                this.kind = kind;
            }
        }

        Create(Scope scope) {
            super(scope);
        }

        @Override
        Result run(Operator operator) {
            BackupFile file = operator.backups().create(kind.kind, collections);
            ObjectNode json = tree(file.toJson());
            List<String> lines = new ArrayList<>(List.of(file.path(), file.records() + " records"));
            if (!clean) {
                return new Result(ExitCode.DONE, json, lines);
            }
            BackupCheck check = operator.backups().verify(file.name());
            if (!check.sound()) {
                check.problems().forEach(problem -> lines.add("NOT SOUND: " + problem));
                json.set("check", tree(check.toJson()));
                return new Result(ExitCode.FOUND, json, lines);
            }
            CleanReport report = operator.backups().clean(operator.backups().retention(), false);
            json.set("clean", tree(report.toJson()));
            lines.add(report.removed().size() + " older ones removed, " + report.kept() + " kept");
            return new Result(ExitCode.DONE, json, lines);
        }
    }

    @Command(
            name = "list",
            description = "Lists the backups, the newest first, by their names and first lines.",
            footer = {"%nExample:", "  switchover backup list --json | jq -r .backups[].name"},
            mixinStandardHelpOptions = true)
    static final class Listing extends OperatorCommand {

        Listing(Scope scope) {
            super(scope);
        }

        @Override
        Result run(Operator operator) {
            List<BackupFile> files = operator.backups().list();
            ObjectNode json = object();
            json.set("backups", trees(files.stream().map(BackupFile::toJson).toList()));
            List<String> lines = new ArrayList<>();
            files.forEach(file -> lines.add(line(file)));
            if (files.isEmpty()) {
                lines.add("There are no backups.");
            }
            boolean damaged = files.stream().anyMatch(file -> file.problem() != null);
            return new Result(damaged ? ExitCode.FOUND : ExitCode.DONE, json, lines);
        }
    }

    @Command(
            name = "verify",
            description = "Reads a backup, or all of them, to the end: every record, checksum, count and id.",
            footer = {
                "%nExamples:",
                "  switchover backup verify",
                "  switchover backup verify 1",
                "%nExit code 1 if one is not sound."
            },
            mixinStandardHelpOptions = true)
    static final class Verify extends OperatorCommand {

        @Parameters(
                index = "0",
                arity = "0..1",
                paramLabel = "BACKUP",
                description = "Its number in the list, its name, a part of it, or a path; all if none is given.")
        private @Nullable String backup;

        Verify(Scope scope) {
            super(scope);
        }

        @Override
        Result run(Operator operator) {
            String one = backup;
            List<BackupCheck> checks = one == null
                    ? operator.backups().verifyAll()
                    : List.of(operator.backups().verify(one));
            List<String> lines = new ArrayList<>();
            for (BackupCheck check : checks) {
                lines.add((check.sound() ? "sound      " : "NOT SOUND  ") + check.name() + "  " + check.records()
                        + " records");
                check.problems().forEach(problem -> lines.add("           " + problem));
            }
            if (checks.isEmpty()) {
                lines.add("There are no backups.");
            }
            boolean sound = checks.stream().allMatch(BackupCheck::sound);
            ObjectNode json = object().put("sound", sound);
            json.set("backups", trees(checks.stream().map(BackupCheck::toJson).toList()));
            return new Result(sound ? ExitCode.DONE : ExitCode.FOUND, json, lines);
        }
    }

    @Command(
            name = "stats",
            description = "How many backups there are, of what kinds, and how large.",
            footer = {"%nExample:", "  switchover backup stats"},
            mixinStandardHelpOptions = true)
    static final class Stats extends OperatorCommand {

        Stats(Scope scope) {
            super(scope);
        }

        @Override
        Result run(Operator operator) {
            BackupStats stats = operator.backups().stats();
            List<String> lines = new ArrayList<>();
            lines.add(String.format(
                    Locale.ROOT, "%d backups in %s, %,d bytes", stats.count(), stats.folder(), stats.bytes()));
            Map<BackupKind, Integer> sorted = new TreeMap<>(stats.byKind());
            sorted.forEach((kind, count) -> lines.add("  " + kind.word() + " " + count));
            if (stats.count() > 0) {
                lines.add("oldest " + stats.oldest() + ", newest " + stats.newest());
            }
            if (stats.unreadable() > 0) {
                lines.add(stats.unreadable() + " cannot be read; see backup list");
            }
            return new Result(stats.unreadable() > 0 ? ExitCode.FOUND : ExitCode.DONE, tree(stats.toJson()), lines);
        }
    }

    @Command(
            name = "clean",
            description = {
                "Removes backups that are older than --keep-days and not among the --keep-count newest. With neither given, that is"
                        + " what SWITCHOVER_BACKUP_KEEP_DAYS and SWITCHOVER_BACKUP_KEEP_COUNT say; with none of these, 30 and 20.",
                "With one of the two given, that one alone decides. Emergency, before-restore, before-switchover and before-retirement backups stay."
            },
            footer = {"%nExamples:", "  switchover backup clean --dry-run", "  switchover backup clean --keep-days 90"},
            mixinStandardHelpOptions = true)
    static final class Clean extends OperatorCommand {

        @Option(names = "--keep-days", paramLabel = "N", description = "What is not older stays.")
        private @Nullable Integer keepDays;

        @Option(names = "--keep-count", paramLabel = "N", description = "So many newest stay.")
        private @Nullable Integer keepCount;

        @Option(names = "--dry-run", description = "Only says what would be removed.")
        private boolean dryRun;

        Clean(Scope scope) {
            super(scope);
        }

        /** One below 0 is a slip of the hand, which must not remove everything. */
        private static OptionalInt bound(String option, @Nullable Integer number) {
            if (number == null) {
                return OptionalInt.empty();
            }
            if (number < 0) {
                throw new ConfigurationException(List.of(option + " " + number + ": write 0 or more"));
            }
            return OptionalInt.of(number);
        }

        @Override
        Result run(Operator operator) {
            Integer days = keepDays;
            Integer count = keepCount;
            Retention retention = days == null && count == null
                    ? operator.backups().retention()
                    : new Retention(bound("--keep-days", days), bound("--keep-count", count));
            CleanReport report = operator.backups().clean(retention, dryRun);
            List<String> lines = new ArrayList<>();
            report.removed().forEach(name -> lines.add((dryRun ? "would remove " : "removed ") + name));
            lines.add(String.format(
                    Locale.ROOT,
                    "%d %s, %d kept, %,d bytes",
                    report.removed().size(),
                    dryRun ? "would go" : "removed",
                    report.kept(),
                    report.bytes()));
            return new Result(ExitCode.DONE, tree(report.toJson()), lines);
        }
    }
}
