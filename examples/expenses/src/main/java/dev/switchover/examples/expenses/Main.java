package dev.switchover.examples.expenses;

import dev.switchover.dualwrite.Switchover;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.examples.embedded.EmbeddedDatabase;
import dev.switchover.examples.embedded.EmbeddedDatabaseException;
import dev.switchover.storage.ConfigurationException;
import dev.switchover.storage.StorageException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the service from arguments and environment; {@code --help} tells which.
 *
 * <p>Exit codes: 0 after being told to stop, 2 for settings that are wrong, 3 where the storage refuses to start, 1 for
 * anything else.
 */
public final class Main {

    private static final Logger LOG = LoggerFactory.getLogger(Main.class);

    private static final int EXIT_OTHER = 1;
    private static final int EXIT_SETTINGS = 2;
    private static final int EXIT_STORAGE = 3;

    private static final String HELP = """
            A home budget over HTTP, kept in JSON files, in PostgreSQL, or in both.

            usage: java -jar expenses.jar [--embedded-database] [--help]

              --embedded-database  bring a PostgreSQL, kept in DATA_DIR/postgres, instead of DATABASE_URL

            environment:
              PORT                     port to listen on (8000)
              HOST                     address to listen on (127.0.0.1)
              DATA_DIR                 folder of the JSON files (./data)
              ADMIN_TOKEN              token for /api/admin/…; without it there are no such paths
              DATABASE_URL             postgresql://user:password@host:port/database
              FF_USE_DATABASE_STORAGE  true: PostgreSQL leads; false: JSON leads (false)
              FF_DUAL_WRITE_ENABLED    true: the other one follows (false)

            exit codes: 0 stopped, 2 wrong settings, 3 the storage refuses to start, 1 anything else
            """;

    private Main() {}

    public static void main(String[] args) {
        List<String> arguments = List.of(args);
        if (arguments.contains("--help")) {
            System.out.print(HELP);
            return;
        }
        Shutdown shutdown = Shutdown.install();
        try {
            start(ServiceSettings.read(arguments, System.getenv()), System.getenv(), shutdown);
            shutdown.serving();
        } catch (InvalidSettingsException | ConfigurationException e) {
            fail(shutdown, EXIT_SETTINGS, e);
        } catch (StorageException e) {
            fail(shutdown, EXIT_STORAGE, e);
        } catch (EmbeddedDatabaseException e) {
            fail(shutdown, EXIT_OTHER, e);
        } catch (RuntimeException e) {
            LOG.error("The start failed unexpectedly", e);
            fail(shutdown, EXIT_OTHER, e);
        }
    }

    private static void start(ServiceSettings settings, Map<String, String> environment, Shutdown shutdown) {
        StartChecks.port(settings);
        Map<String, String> variables = new HashMap<>(environment);
        if (settings.embeddedDatabase()) {
            variables.put("DATABASE_URL", EmbeddedDatabase.ANY_URL);
            StartChecks.flags(variables);
            EmbeddedDatabase database = shutdown.closeAtEnd(EmbeddedDatabase.start(settings.dataDirectory()));
            variables.put("DATABASE_URL", database.url());
        }
        SwitchoverStorage storage = shutdown.closeAtEnd(Switchover.builder()
                .directory(settings.dataDirectory())
                .environment(variables)
                .collection(Budget.EXPENSES)
                .collection(Budget.INCOMES)
                .open());
        HttpService service = shutdown.closeAtEnd(HttpService.start(settings, storage));
        LOG.info("Listening on http://{}:{}", settings.host(), service.port());
    }

    private static void fail(Shutdown shutdown, int code, RuntimeException e) {
        shutdown.closeAll();
        System.err.println("expenses: " + e.getMessage());
        System.exit(code);
    }
}
