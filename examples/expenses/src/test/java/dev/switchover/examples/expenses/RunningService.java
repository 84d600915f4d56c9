package dev.switchover.examples.expenses;

import dev.switchover.dualwrite.Switchover;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.storage.Phase;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The service in this JVM, on a free port. */
final class RunningService implements AutoCloseable {

    static final String ADMIN_TOKEN = "open sesame";

    private final SwitchoverStorage storage;
    private final HttpService service;
    private final int port;

    private RunningService(SwitchoverStorage storage, HttpService service) {
        this.storage = storage;
        this.service = service;
        this.port = service.port();
    }

    /** With an admin token. */
    static RunningService start(Path directory, Map<String, String> environment) {
        return start(new ServiceSettings("127.0.0.1", 0, directory, ADMIN_TOKEN, false), environment);
    }

    static RunningService start(ServiceSettings settings, Map<String, String> environment) {
        SwitchoverStorage storage = Switchover.builder()
                .directory(settings.dataDirectory())
                .environment(environment)
                .collection(Budget.EXPENSES)
                .collection(Budget.INCOMES)
                .open();
        return new RunningService(storage, HttpService.start(settings, storage));
    }

    /** @param databaseUrl null for none, as JSON only allows */
    static Map<String, String> environment(Phase phase, @Nullable String databaseUrl) {
        Map<String, String> environment = new HashMap<>();
        environment.put("FF_USE_DATABASE_STORAGE", Boolean.toString(phase.databasePhase()));
        environment.put("FF_DUAL_WRITE_ENABLED", Boolean.toString(phase.mirrored()));
        if (databaseUrl != null) {
            environment.put("DATABASE_URL", databaseUrl);
        }
        return environment;
    }

    int port() {
        return port;
    }

    ServiceClient client() {
        return new ServiceClient(port);
    }

    SwitchoverStorage storage() {
        return storage;
    }

    @Override
    public void close() {
        service.close();
        storage.close();
    }
}
