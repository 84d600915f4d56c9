package dev.switchover.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchover.dualwrite.preflight.Finding;
import dev.switchover.dualwrite.preflight.PreflightReport;
import dev.switchover.dualwrite.preflight.PreflightReport.CollectionReport;
import dev.switchover.dualwrite.preflight.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "preflight",
        description = {
            "Finds every record that would be refused or changed on its way to the other store.",
            "Reads the files and, if DATABASE_URL is set, the database. Writes nothing, takes no lock; the service may run"
                    + " meanwhile. What each kind of finding means: docs/preflight.md."
        },
        footer = {
            "%nExamples:",
            "  switchover preflight",
            "  switchover preflight --severity refused --json | jq .collections[].counts",
            "%nExit code 1 if anything is refused."
        },
        mixinStandardHelpOptions = true)
final class PreflightCommand extends StorageCommand {

    @Option(
            names = "--severity",
            paramLabel = "WORD",
            description = "The least severity to list: refused, changed or information (the default).")
    private Severity severity = Severity.INFORMATION;

    PreflightCommand(Scope scope) {
        super(scope);
    }

    @Override
    Result run(Scope.Target target) {
        PreflightReport report = target.builder().preflight(this::found);
        ObjectNode json = object().put("passed", report.passed());
        ArrayNode collections = json.putArray("collections");
        report.collections().forEach(collection -> collections.add(json(collection)));
        List<String> lines = new ArrayList<>(report.toString().lines().toList());
        lines.add(report.passed() ? "Passed." : "Not passed: mend what is refused, then look again.");
        return new Result(report.passed() ? ExitCode.DONE : ExitCode.FOUND, json, lines);
    }

    /** At once, for there may be more findings than memory. */
    private void found(Finding finding) {
        if (listed(finding)) {
            tell(finding.toString());
        }
    }

    private boolean listed(Finding finding) {
        return finding.severity().compareTo(severity) <= 0;
    }

    private ObjectNode json(CollectionReport collection) {
        ObjectNode json = object().put("collection", collection.collection())
                .put("jsonRecords", collection.jsonRecords())
                .put("databaseRecords", collection.databaseRecords());
        for (Severity each : Severity.values()) {
            json.put(Words.of(each), collection.count(each));
        }
        ObjectNode counts = json.putObject("counts");
        new TreeMap<>(collection.counts()).forEach((kind, count) -> counts.put(kind.name(), count));
        ArrayNode findings = json.putArray("findings");
        collection.first().stream().filter(this::listed).forEach(finding -> findings.add(json(finding)));
        return json;
    }

    private ObjectNode json(Finding finding) {
        return object().put("kind", finding.kind().name())
                .put("severity", Words.of(finding.severity()))
                .put("store", finding.store().label())
                .put("id", finding.id())
                .put("path", finding.path())
                .put("reason", finding.reason())
                .put("place", finding.place());
    }
}
