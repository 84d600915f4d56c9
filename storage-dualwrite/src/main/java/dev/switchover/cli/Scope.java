package dev.switchover.cli;

import dev.switchover.dualwrite.Switchover;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.ConfigurationException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What every command works on.
 *
 * @param definitions the service's, or null where a configuration file describes the collections
 * @param directory the service's, or null where the configuration file or {@code --directory} names it
 */
record Scope(
        @Nullable List<CollectionDefinition<?, ?>> definitions,
        @Nullable Path directory,
        Map<String, String> environment,
        Terminal terminal) {

    /** The collections and where their files are. */
    record Target(Path directory, List<CollectionDefinition<?, ?>> definitions, Map<String, String> environment) {

        Target with(Map<String, String> variables) {
            return new Target(directory, definitions, variables);
        }

        List<String> names() {
            return definitions.stream().map(CollectionDefinition::name).toList();
        }

        /** The name itself. @throws ConfigurationException if there is no such collection */
        String collection(String name) {
            List<String> names = names();
            if (!names.contains(name)) {
                throw new ConfigurationException(
                        List.of("There is no collection \"" + name + "\"; there is " + String.join(", ", names)));
            }
            return name;
        }

        Switchover.Builder builder() {
            Switchover.Builder builder =
                    Switchover.builder().directory(directory).environment(environment);
            definitions.forEach(builder::collection);
            return builder;
        }
    }

    boolean standalone() {
        return definitions == null;
    }

    /**
     * Puts together what the service, the configuration file and the options say.
     *
     * @throws ConfigurationException with every problem of the file
     */
    Target target(@Nullable Path configurationFile, @Nullable Path directoryOption) {
        List<CollectionDefinition<?, ?>> known = definitions;
        Path named = directory;
        if (known == null) {
            Path file = configurationFile == null ? Path.of(ConfigurationFile.DEFAULT_NAME) : configurationFile;
            ConfigurationFile read = ConfigurationFile.read(file);
            known = read.collections();
            named = read.directory();
            if (named == null) {
                // Where the description is, the files are, unless it says otherwise.
                named = file.toAbsolutePath().getParent();
            }
        }
        Path where = directoryOption != null ? directoryOption : named;
        return new Target(where == null ? Path.of(".") : where, known, environment);
    }
}
