package dev.switchover.examples.materials;

import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.storage.Phase;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** The service in this JVM, on a free port. */
final class RunningService implements AutoCloseable {

    static final String ADMIN_TOKEN = "open sesame";
    static final String[] AS_ADMIN = {"Authorization", "Bearer " + ADMIN_TOKEN};

    private final ConfigurableApplicationContext context;

    private RunningService(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** With an admin token. */
    static RunningService start(Path directory, Map<String, String> variables) {
        return start(directory, variables, Clock.systemUTC());
    }

    static RunningService start(Path directory, Map<String, String> variables, Clock clock) {
        Map<String, String> settings = new HashMap<>(variables);
        settings.putIfAbsent("ADMIN_TOKEN", ADMIN_TOKEN);
        settings.put("DATA_DIR", directory.toString());
        settings.put("PORT", "0");
        String[] arguments = settings.entrySet().stream()
                .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                .toArray(String[]::new);
        return new RunningService(new SpringApplicationBuilder(MaterialsApplication.class)
                .registerShutdownHook(false)
                .initializers(context -> ((GenericApplicationContext) context).registerBean(Clock.class, () -> clock))
                .run(arguments));
    }

    /** @param databaseUrl null for none, as JSON only allows */
    static Map<String, String> variables(Phase phase, @Nullable String databaseUrl) {
        Map<String, String> variables = new HashMap<>();
        variables.put("FF_USE_DATABASE_STORAGE", Boolean.toString(phase.databasePhase()));
        variables.put("FF_DUAL_WRITE_ENABLED", Boolean.toString(phase.mirrored()));
        if (databaseUrl != null) {
            variables.put("DATABASE_URL", databaseUrl);
        }
        return variables;
    }

    int port() {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    Client client() {
        return new Client(port());
    }

    SwitchoverStorage storage() {
        return context.getBean(SwitchoverStorage.class);
    }

    @Override
    public void close() {
        context.close();
    }
}
