package dev.switchover.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchover.dualwrite.Operator;
import dev.switchover.dualwrite.backup.EmergencyFile;
import dev.switchover.dualwrite.backup.RecoveryOptions;
import dev.switchover.dualwrite.backup.RecoveryReport;
import dev.switchover.dualwrite.backup.RecoveryScan;
import dev.switchover.dualwrite.backup.RestorePlan;
import dev.switchover.dualwrite.backup.RestoreReport;
import dev.switchover.storage.Shown;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands under {@code backup} that bring records back. */
final class RestoreCommands {

    private static final String COLLECTION = "Only this one; may be given several times.";

    private RestoreCommands() {}

    private static void describe(RestorePlan plan, List<String> lines) {
        for (RestorePlan.Changes one : plan.collections()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%s: %d come back or are new, %d change, %d are removed, %d stay",
                    one.name(),
                    one.added(),
                    one.changed(),
                    one.removed(),
                    one.equal()));
            ids(lines, "come back", one.addedIds(), one.added());
            ids(lines, "change", one.changedIds(), one.changed());
            ids(lines, "removed", one.removedIds(), one.removed());
        }
    }

    private static void ids(List<String> lines, String what, List<String> ids, long all) {
        if (all > 0) {
            lines.add("  " + what + ": "
                    + String.join(", ", ids.stream().map(Shown::id).toList()) + (all > ids.size() ? ", …" : ""));
        }
    }

    private static void describe(RestoreReport report, List<String> lines) {
        lines.add("What was there before is in " + report.safetyBackup() + ".");
        report.writtenMeanwhile()
                .forEach(file -> lines.add("What was written meanwhile, and is overwritten, is in " + file + "."));
        lines.add(
                report.mirrorsInSync()
                        ? "It is done, and no mirror lacks any of it."
                        : "The mirror does not have all of it yet; what is missing there is pending.");
    }

    @Command(
            name = "restore",
            description = {
                "Makes the collections what they are in a backup, after a backup of what is there.",
                "Shows first what would change. A running service does it itself, and goes on serving."
            },
            footer = {
                "%nExamples:",
                "  switchover backup restore 1 --dry-run",
                "  switchover backup restore 20261121T02 --yes"
            },
            mixinStandardHelpOptions = true)
    static final class Restore extends OperatorCommand {

        @Mixin
        private final Confirmation confirmation = new Confirmation();

        @Parameters(
                index = "0",
                paramLabel = "BACKUP",
                description = "Its number in the list, its name, a part of it, or a path.")
        private String backup = "";

        @Option(names = "--collection", paramLabel = "NAME", description = COLLECTION)
        private List<String> collections = new ArrayList<>();

        @Option(names = "--dry-run", description = "Only shows what would change.")
        private boolean dryRun;

        Restore(Scope scope) {
            super(scope);
        }

        @Override
        Result run(Operator operator) {
            RestorePlan plan = operator.backups().plan(backup, collections);
            List<String> lines = new ArrayList<>();
            lines.add(plan.backup() + " of " + plan.time());
            describe(plan, lines);
            ObjectNode json = object();
            json.set("plan", tree(plan.toJson()));
            if (dryRun || plan.changesNothing()) {
                lines.add(plan.changesNothing() ? "Everything is as it is in the backup." : "Nothing was changed.");
                return new Result(plan.changesNothing() ? ExitCode.DONE : ExitCode.FOUND, json, lines);
            }
            if (!json()) {
                lines.forEach(terminal().out()::println);
                lines.clear();
            }
            confirmation.require(terminal(), "This is restored from " + plan.backup());
            // By its path: a number means another backup as soon as there is a newer one.
            RestoreReport report = operator.backups().restore(plan.path(), collections);
            json.set("restored", tree(report.toJson()));
            describe(report, lines);
            return new Result(report.mirrorsInSync() ? ExitCode.DONE : ExitCode.FOUND, json, lines);
        }
    }

    @Command(
            name = "recover",
            description = {
                "Looks through everything there is (backups, files, journal, database, records saved aside), in whatever state"
                        + " it is, and finds the newest version of each record.",
                "With --restore it brings in what the authority lacks or has older; what it has newer stays."
            },
            footer = {
                "%nExamples:",
                "  switchover backup recover",
                "  switchover backup recover --list | grep expenses",
                "  switchover backup recover --from /mnt/offsite --restore"
            },
            mixinStandardHelpOptions = true)
    static final class Recover extends OperatorCommand {

        @Mixin
        private final Confirmation confirmation = new Confirmation();

        @Option(names = "--scan", description = "Only looks; this is the default.")
        private boolean scanOnly;

        @Option(names = "--list", description = "Prints each record that was found, and where, as a line of JSON.")
        private boolean list;

        @Option(names = "--restore", description = "Brings in what was found, after a backup of what is there.")
        private boolean restore;

        @Option(
                names = "--apply",
                paramLabel = "FILE",
                description = "Applies a write that failed and was saved in this emergency file, once, unless there is"
                        + " something newer.")
        private @Nullable String apply;

        @Option(
                names = "--without-deleted",
                description = "Leaves out records that a later, whole source no longer has.")
        private boolean withoutDeleted;

        @Option(
                names = "--from",
                paramLabel = "PATH",
                description = "A further file, or a folder of backups; may be given several times.")
        private List<Path> from = new ArrayList<>();

        @Option(names = "--collection", paramLabel = "NAME", description = COLLECTION)
        private List<String> collections = new ArrayList<>();

        Recover(Scope scope) {
            super(scope);
        }

        @Override
        Result run(Operator operator) {
            String file = apply;
            if (file != null) {
                confirmation.require(terminal(), "The write in " + file + " is applied");
                operator.backups().applyEmergencyFile(file);
                return new Result(ExitCode.DONE, object().put("applied", file), List.of("Applied."));
            }
            RecoveryOptions options = new RecoveryOptions(collections, from, !withoutDeleted);
            boolean each = list && !json();
            RecoveryScan scan = operator.backups().scan(options, found -> {
                if (each) {
                    terminal().out().println(found.toJson());
                }
            });
            List<String> lines = new ArrayList<>();
            describeScan(scan, lines);
            List<EmergencyFile> waiting = operator.backups().emergencyFiles().stream()
                    .filter(one -> one.state() != EmergencyFile.State.APPLIED)
                    .toList();
            waiting.forEach(one -> lines.add(line(one)));
            ObjectNode json = object();
            json.set(
                    "emergencyFiles",
                    trees(waiting.stream().map(EmergencyFile::toJson).toList()));
            json.set("scan", tree(scan.toJson()));
            if (!restore || scanOnly || scan.nothingToRecover()) {
                boolean nothing = scan.nothingToRecover() && waiting.isEmpty();
                lines.add(scan.nothingToRecover() ? "Nothing is missing." : "Nothing was changed; add --restore.");
                return new Result(nothing ? ExitCode.DONE : ExitCode.FOUND, json, lines);
            }
            if (!json()) {
                lines.forEach(terminal().out()::println);
                lines.clear();
            }
            confirmation.require(terminal(), "What is missing or older is brought in");
            RecoveryReport report = operator.backups().recover(options);
            json.set("recovered", tree(report.toJson()));
            lines.add("Everything that was found is in " + report.collected() + ".");
            RestoreCommands.describe(report.restored(), lines);
            return new Result(report.restored().mirrorsInSync() ? ExitCode.DONE : ExitCode.FOUND, json, lines);
        }

        private static String line(EmergencyFile file) {
            String problem = file.problem();
            return "EMERGENCY " + file.name() + ": " + (problem == null ? String.join(", ", file.writes()) : problem)
                    + (file.state() == EmergencyFile.State.BEGUN
                            ? " (begun and not ended: look whether it happened)"
                            : (file.maybeDone() ? " (it may have happened: look first)" : "") + "; recover --apply "
                                    + file.name());
        }

        private static void describeScan(RecoveryScan scan, List<String> lines) {
            for (RecoveryScan.Source source : scan.sources()) {
                lines.add((source.used() ? "" : "LEFT OUT ") + source.name() + ": " + source.records() + " records");
                source.problems().forEach(problem -> lines.add("  " + problem));
            }
            for (RecoveryScan.Found found : scan.collections()) {
                lines.add(String.format(
                        Locale.ROOT,
                        "%s: %d ids in all; %d missing in the authority (%d of them deleted later), %d newer elsewhere",
                        found.name(),
                        found.ids(),
                        found.missing(),
                        found.deletedLater(),
                        found.newer()));
                ids(lines, "missing", found.missingIds(), found.missing());
                ids(lines, "newer elsewhere", found.newerIds(), found.newer());
            }
        }
    }
}
