package dev.switchover.examples.videos;

import dev.switchover.cli.SwitchoverCommand;
import dev.switchover.dualwrite.Operator;
import dev.switchover.dualwrite.request.RequestProgress;
import dev.switchover.examples.embedded.EmbeddedDatabaseException;
import dev.switchover.storage.ConfigurationException;
import dev.switchover.storage.StorageException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The program: web page and command line; {@code --help} tells which commands there are.
 *
 * <p>Exit codes: 0 done, or stopped after being told to; 2 for settings or arguments that are wrong, 3 where the storage refuses to
 * start, 1 for anything else. Those of {@code storage} and {@code recover} are the library's.
 */
public final class Main {

    private static final int EXIT_OTHER = 1;
    private static final int EXIT_SETTINGS = 2;
    private static final int EXIT_STORAGE = 3;
    private static final Duration EXPORT_PATIENCE = Duration.ofMinutes(2);

    private static final String HELP = """
            Scripture references in videos, kept in results.json, in PostgreSQL, or in both.

            usage: java -jar videos.jar COMMAND [--embedded-database]

              serve                      the web page, until it is told to stop
              process [--again] FILE...  reads transcripts (VIDEO_ID.txt) and stores what they hold; those that are there
                                         already are left out, unless --again
              publish DIR                writes the static site: index.html, results.json, results.json.b64
              recover --scan|--restore   looks through backups, files and database for lost videos; brings them back
              storage ...                everything an operator asks; see storage --help
              --embedded-database        a PostgreSQL kept in DATA_DIR/postgres, instead of DATABASE_URL; the one of a
                                         web process that runs already is used

            environment:
              PORT                     port of the web page (8000)
              HOST                     address it listens on (127.0.0.1)
              DATA_DIR                 folder of the files (./data)
              ADMIN_TOKEN              token of those who may write over HTTP; without it nobody may
              VIDEOS_URL               where the command line finds the web process (http://127.0.0.1:PORT)
              DATABASE_URL             postgresql://user:password@host:port/database
              FF_USE_DATABASE_STORAGE  true: PostgreSQL leads; false: JSON leads (false)
              FF_DUAL_WRITE_ENABLED    true: the other one follows (false)

            exit codes: 0 done, 2 wrong settings or arguments, 3 the storage refuses to start, 1 anything else
            """;

    private Main() {}

    public static void main(String[] args) {
        List<String> arguments = new ArrayList<>(List.of(args));
        if (arguments.isEmpty()
                || arguments.contains("--help") && !arguments.get(0).equals("storage")) {
            System.out.print(HELP);
            System.exit(arguments.isEmpty() ? EXIT_SETTINGS : 0);
        }
        boolean embedded = arguments.remove("--embedded-database");
        String command = arguments.isEmpty() ? "" : arguments.remove(0);
        if (!command.equals("serve") && System.getProperty("log.level") == null) {
            // Before the first logger is made: who runs a command wants to see its results.
            System.setProperty("log.level", "WARN");
        }
        Shutdown shutdown = Shutdown.install();
        try {
            int code = run(command, arguments, embedded, System.getenv(), shutdown);
            if (command.equals("serve")) {
                shutdown.serving();
                return;
            }
            shutdown.closeAll();
            System.exit(code);
        } catch (InvalidSettingsException | ConfigurationException e) {
            fail(shutdown, EXIT_SETTINGS, e);
        } catch (StorageException e) {
            fail(shutdown, EXIT_STORAGE, e);
        } catch (EmbeddedDatabaseException | IOException e) {
            fail(shutdown, EXIT_OTHER, e);
        }
    }

    private static int run(
            String command,
            List<String> arguments,
            boolean embedded,
            Map<String, String> environment,
            Shutdown shutdown)
            throws IOException {
        if (!List.of("serve", "process", "publish", "recover", "storage").contains(command)) {
            throw new InvalidSettingsException(List.of(
                    "There is no command \"" + command + "\"; there are serve, process, publish, recover and storage"));
        }
        Settings settings = Settings.read(environment);
        Map<String, String> variables = StorageVariables.of(environment);
        if (embedded) {
            variables.put("DATABASE_URL", DatabaseBeside.url(settings, environment, shutdown));
        }
        switch (command) {
            case "serve":
                Serving.start(settings, variables, shutdown);
                return 0;
            case "process":
                return ProcessCommand.run(arguments, settings, variables);
            case "publish":
                return PublishCommand.run(arguments, settings, variables);
            case "recover":
                return recover(arguments, settings, variables);
            default:
                return operate(arguments, settings, variables);
        }
    }

    /** The operator's command, and then the file: in DB_ONLY it follows each write of a process, but no restore from a shell. */
    static int recover(List<String> arguments, Settings settings, Map<String, String> variables) {
        List<String> command = new ArrayList<>(List.of("backup", "recover"));
        command.addAll(arguments);
        int code = operate(command, settings, variables);
        if (code == 0 && (arguments.contains("--restore") || arguments.contains("--apply"))) {
            try (Operator operator =
                    VideoStorage.builder(settings.dataDirectory(), variables).operator()) {
                operator.export(List.of(), EXPORT_PATIENCE, RequestProgress.NONE);
            }
        }
        return code;
    }

    static int operate(List<String> arguments, Settings settings, Map<String, String> variables) {
        return SwitchoverCommand.of(Videos.VIDEOS)
                .directory(settings.dataDirectory())
                .environment(variables)
                .run(arguments.toArray(String[]::new));
    }

    private static void fail(Shutdown shutdown, int code, Exception e) {
        shutdown.closeAll();
        System.err.println("videos: " + e.getMessage());
        System.exit(code);
    }
}
