package dev.switchover.examples.expenses;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.dualwrite.flags.SwitchoverSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** docker-compose.yaml as far as it can be checked without Docker: its syntax, and that the service understands what it is told. */
class ComposeFileTest {

    @Test
    void theServiceUnderstandsWhatTheFileTellsIt() throws IOException {
        Map<String, Object> file = new Yaml().load(Files.readString(Path.of("docker-compose.yaml")));
        Map<String, Object> service = map(map(file.get("services")).get("service"));

        Map<String, String> environment = map(service.get("environment")).entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> withDefaults((String) entry.getValue())));

        ServiceSettings settings = ServiceSettings.read(List.of(), environment);
        StartChecks.flags(environment);
        assertThat(SwitchoverSettings.of(environment)).isNotNull();
        assertThat(environment.get("DATABASE_URL")).isEqualTo("postgresql://budget:budget@database:5432/budget");
        assertThat((List<?>) service.get("ports")).hasToString("[127.0.0.1:8000:" + settings.port() + "]");
        assertThat(settings.host()).isEqualTo("0.0.0.0");
        assertThat((List<?>) service.get("volumes"))
                .hasToString("[./target/expenses.jar:/srv/expenses.jar:ro, data:" + settings.dataDirectory() + "]");
        assertThat(Files.readString(Path.of("pom.xml"))).contains("${project.build.directory}/expenses.jar");
    }

    /** What compose puts in where a variable is not set. */
    private static String withDefaults(String text) {
        return text.replaceAll("\\$\\{[A-Z_]+:-([^}]*)}", "$1");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }
}
