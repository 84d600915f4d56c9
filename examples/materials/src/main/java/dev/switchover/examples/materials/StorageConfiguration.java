package dev.switchover.examples.materials;

import dev.switchover.dualwrite.Switchover;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.examples.embedded.EmbeddedDatabase;
import dev.switchover.examples.embedded.EmbeddedDatabaseException;
import dev.switchover.metrics.SwitchoverMetrics;
import dev.switchover.storage.ConfigurationException;
import dev.switchover.storage.StorageException;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Map;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * The storage as a bean. Spring opens the port when all beans are there, and closes them, last made first, when the requests in
 * flight have ended: so the storage serves before the first request and until the last one.
 */
@Configuration(proxyBeanMethods = false)
class StorageConfiguration {

    @Bean
    @ConditionalOnMissingBean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    SwitchoverMetrics storageMetrics(MeterRegistry registry) {
        return new SwitchoverMetrics(registry);
    }

    /** The database of the service's own, if it was asked for. */
    @Bean
    DatabaseOfOurOwn databaseOfOurOwn(MaterialsSettings settings) {
        try {
            return new DatabaseOfOurOwn(
                    settings.embeddedDatabase() ? EmbeddedDatabase.start(settings.directory()) : null);
        } catch (EmbeddedDatabaseException e) {
            throw new StartFailedException(StartFailedException.OTHER, e);
        }
    }

    @Bean
    SwitchoverStorage storage(
            MaterialsSettings settings,
            DatabaseOfOurOwn database,
            ConfigurableEnvironment environment,
            Clock clock,
            SwitchoverMetrics metrics) {
        try {
            Map<String, String> variables = StorageVariables.of(environment);
            database.addTo(variables);
            if (settings.sampleData()) {
                SampleData.copyTo(settings.directory());
            }
            SwitchoverStorage storage = Switchover.builder()
                    .directory(settings.directory())
                    .environment(variables)
                    .collection(Planner.SECTIONS)
                    .collection(Planner.EDITS)
                    .calls(metrics)
                    .clock(clock)
                    .open();
            metrics.bind(storage);
            return storage;
        } catch (ConfigurationException e) {
            throw new StartFailedException(StartFailedException.SETTINGS, e);
        } catch (StorageException e) {
            throw new StartFailedException(StartFailedException.STORAGE, e);
        }
    }
}
