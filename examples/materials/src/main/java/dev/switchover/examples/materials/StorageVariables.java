package dev.switchover.examples.materials;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;

/**
 * What the storage reads from its environment, wherever Spring has it from: the environment, {@code application.properties},
 * the command line.
 */
final class StorageVariables {

    private static final Pattern NAMES = Pattern.compile("(?:FF_|SWITCHOVER_|DATABASE_URL|USE_DATABASE).*");

    private StorageVariables() {}

    static Map<String, String> of(ConfigurableEnvironment environment) {
        Map<String, String> variables = new HashMap<>();
        environment.getPropertySources().stream()
                .flatMap(source -> source instanceof EnumerablePropertySource<?> known
                        ? Arrays.stream(known.getPropertyNames())
                        : Stream.empty())
                .filter(name -> NAMES.matcher(name).matches())
                .forEach(name -> variables.put(name, environment.getProperty(name, "")));
        return variables;
    }
}
