package dev.switchover.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchover.storage.ConfigurationException;
import dev.switchover.storage.Shown;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * What all commands have in common: their options, one result at the end, and that nothing but a result or a {@link Failure}
 * reaches the user.
 */
abstract class StorageCommand implements Callable<Integer> {

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = {"-d", "--directory"},
            paramLabel = "DIR",
            description = "The folder of the JSON files, where it is not the usual one.")
    private @Nullable Path directory;

    @Option(
            names = "--json",
            description =
                    "Print one JSON object on standard output, and nothing else there. Its fields are those of docs/cli.md.")
    private boolean json;

    @Option(
            names = {"-v", "--verbose"},
            description = "Log what is done on standard error, and the stack trace of a mistake.")
    private boolean verbose;

    private final StandaloneOptions standalone = new StandaloneOptions();
    private final Scope scope;

    StorageCommand(Scope scope) {
        this.scope = scope;
    }

    /** Only where no service gave its definitions. */
    static final class StandaloneOptions {
        @Option(
                names = {"-c", "--config"},
                paramLabel = "FILE",
                description = "The file that describes the collections; ./switchover.json by default.")
        @Nullable
        Path file;
    }

    /** Does it. Progress may be told meanwhile, on standard error. */
    abstract Result run(Scope.Target target);

    @Override
    public final Integer call() {
        try {
            return print(run(scope.target(standalone.file, directory)));
        } catch (RuntimeException e) {
            if (verbose) {
                e.printStackTrace(terminal().err());
            }
            return print(Failure.of(e));
        }
    }

    StandaloneOptions standaloneOptions() {
        return standalone;
    }

    Scope scope() {
        return scope;
    }

    Terminal terminal() {
        return scope.terminal();
    }

    /** Whether what is for people is to be left out. */
    boolean json() {
        return json;
    }

    ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** What a report says of itself. */
    ObjectNode tree(String text) {
        try {
            return (ObjectNode) JsonMapper.builder().build().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A report is no JSON", e);
        }
    }

    /** What several say of themselves. */
    ArrayNode trees(List<String> texts) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        texts.forEach(text -> all.add(tree(text)));
        return all;
    }

    /** A line of what will be many, at once. */
    void tell(String line) {
        if (!json) {
            terminal().out().println(Shown.text(line));
        }
    }

    /** For what picocli cannot check by itself. */
    RuntimeException misunderstood(String message) {
        return new ConfigurationException(List.of(message + ". See 'switchover " + name() + " --help'."));
    }

    void strings(ObjectNode json, String name, Collection<String> values) {
        ArrayNode list = json.putArray(name);
        values.forEach(list::add);
    }

    private int print(Result result) {
        if (json) {
            ObjectNode all = head(result.exit());
            all.setAll(result.json());
            print(all);
        } else {
            result.lines().forEach(line -> terminal().out().println(Shown.text(line)));
        }
        return result.exit().code();
    }

    private int print(Failure failure) {
        if (json) {
            ObjectNode all = head(failure.exit());
            all.set("error", failure.json());
            print(all);
        } else {
            PrintStream err = terminal().err();
            failure.message().lines().map(Shown::text).forEach(err::println);
        }
        return failure.exit().code();
    }

    /** Such characters are in its strings only, where this is how JSON escapes them. */
    private void print(ObjectNode all) {
        terminal().out().println(Shown.text(all.toString()));
    }

    private ObjectNode head(ExitCode exit) {
        return object().put("command", name()).put("exitCode", exit.code()).put("outcome", exit.outcome());
    }

    /** {@code flags set}: without what it is mounted under. */
    private String name() {
        CommandSpec at = spec;
        StringBuilder name = new StringBuilder();
        while (at != null && !(at.userObject() instanceof RootCommand)) {
            name.insert(0, name.isEmpty() ? at.name() : at.name() + " ");
            at = at.parent() == null ? null : at.parent();
        }
        return name.toString();
    }
}
