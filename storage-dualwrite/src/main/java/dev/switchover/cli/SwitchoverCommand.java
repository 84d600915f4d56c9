package dev.switchover.cli;

import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.Phase;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/**
 * The commands of docs/cli.md, to be run in a service's own {@code main} with the service's definitions:
 *
 * <pre>{@code
 * if (arguments.length > 0 && arguments[0].equals("storage")) {
 *     System.exit(SwitchoverCommand.of(EXPENSES, NOTES)
 *             .directory(Path.of("data"))
 *             .run(Arrays.copyOfRange(arguments, 1, arguments.length)));
 * }
 * }</pre>
 *
 * or under a picocli command line the service has already: {@code line.addSubcommand("storage", command.commandLine())}.
 *
 * <p>Commands may run beside the service, in a process of their own. Immutable; each method returns a changed copy.
 */
public final class SwitchoverCommand {

    private final Scope scope;

    private SwitchoverCommand(Scope scope) {
        this.scope = scope;
    }

    /** With the service's definitions, the files in the present folder and the process's environment. */
    public static SwitchoverCommand of(CollectionDefinition<?, ?>... definitions) {
        return new SwitchoverCommand(new Scope(List.of(definitions), null, System.getenv(), Terminal.system()));
    }

    /** Without the service's classes: {@code switchover.json} describes the collections. */
    public static SwitchoverCommand standalone() {
        return new SwitchoverCommand(new Scope(null, null, System.getenv(), Terminal.system()));
    }

    /** Where the JSON files are, unless {@code --directory} says otherwise. */
    public SwitchoverCommand directory(Path jsonDirectory) {
        return new SwitchoverCommand(
                new Scope(scope.definitions(), jsonDirectory, scope.environment(), scope.terminal()));
    }

    /** Flags and settings, instead of the process's environment. */
    public SwitchoverCommand environment(Map<String, String> variables) {
        return new SwitchoverCommand(
                new Scope(scope.definitions(), scope.directory(), Map.copyOf(variables), scope.terminal()));
    }

    SwitchoverCommand terminal(Terminal terminal) {
        return new SwitchoverCommand(new Scope(scope.definitions(), scope.directory(), scope.environment(), terminal));
    }

    /**
     * Runs one command and returns its exit code; see {@link ExitCode}. Prints everything there is to say, throws nothing and
     * ends no process.
     */
    public int run(String... arguments) {
        return commandLine().execute(arguments);
    }

    /** For a host that has a picocli command line of its own. Not thread-safe, as picocli's. */
    public CommandLine commandLine() {
        CommandLine line = new CommandLine(new RootCommand());
        Commands.addTo(line, scope);
        Terminal terminal = scope.terminal();
        line.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(terminal.err(), true));
        line.registerConverter(Phase.class, SwitchoverCommand::phase);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler(SwitchoverCommand::misunderstood);
        line.setUsageHelpAutoWidth(terminal.interactive());
        line.setUsageHelpLongOptionsMaxWidth(28);
        return line;
    }

    private static Phase phase(String text) {
        for (Phase phase : Phase.values()) {
            if (Words.of(phase).equalsIgnoreCase(text.replace('_', '-'))) {
                return phase;
            }
        }
        throw new TypeConversionException("write json-only, json-primary, db-primary or db-only, not '" + text + "'");
    }

    private static int misunderstood(ParameterException e, String[] arguments) {
        CommandLine line = e.getCommandLine();
        line.getErr().println(e.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(e, line.getErr());
        line.getErr().println("See '" + line.getCommandSpec().qualifiedName() + " --help'.");
        return ExitCode.USAGE.code();
    }

    @Override
    public String toString() {
        @Nullable List<CollectionDefinition<?, ?>> definitions = scope.definitions();
        return "switchover commands " + (definitions == null ? "by configuration file" : "for " + definitions);
    }
}
