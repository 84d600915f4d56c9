package dev.switchover.metrics;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static dev.switchover.dualwrite.ServiceUnderTest.expense;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchover.dualwrite.ServiceUnderTest;
import dev.switchover.dualwrite.ServiceUnderTest.Expense;
import dev.switchover.dualwrite.Switchover;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Repository;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SwitchoverMetricsTest {

    private static final Pattern NAME = Pattern.compile("switchover_[a-z_]+");

    @TempDir
    Path directory;

    private TestDatabase database;

    @BeforeEach
    void create() {
        database = TestDatabase.create();
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @ParameterizedTest
    @EnumSource(Phase.class)
    void everyMeterIsThereBeforeTheFirstCallAndNoneComesLater(Phase phase) {
        MeterRegistry registry = new SimpleMeterRegistry();
        try (SwitchoverMetrics metrics = new SwitchoverMetrics(registry);
                SwitchoverStorage storage = open(phase, metrics)) {
            metrics.bind(storage);
            Set<Meter.Id> before = ids(registry);
            Repository<Expense, Long> expenses = storage.repository(EXPENSES);
            Expense made = expenses.create(expense("12.50"));
            expenses.findById(made.id());
            storage.inUnitOfWork(unit -> {
                unit.on(NOTES).create(new ServiceUnderTest.Note("a", "b"));
                return unit.on(EXPENSES).create(expense("1.00"));
            });

            assertThat(ids(registry)).isEqualTo(before);
            assertThat(count(registry, "switchover.write", "expenses")).isGreaterThanOrEqualTo(1);
            assertThat(count(registry, "switchover.write", "(several)")).isEqualTo(1);
            assertThat(count(registry, "switchover.read", "expenses")).isGreaterThanOrEqualTo(1);
            assertThat(before).allSatisfy(id -> {
                assertThat(id.getName()).matches("switchover(\\.[a-z]+)+");
                assertThat(id.getTags()).extracting(Tag::getKey).isSubsetOf("store", "phase", "collection", "outcome");
            });

            metrics.close();
            assertThat(registry.getMeters()).isEmpty();
        }
    }

    @Test
    void gaugesFollowTheStatus() {
        MeterRegistry registry = new SimpleMeterRegistry();
        try (SwitchoverMetrics metrics = new SwitchoverMetrics(registry);
                SwitchoverStorage storage = open(Phase.DB_PRIMARY, metrics)) {
            metrics.bind(storage);
            storage.repository(EXPENSES).create(expense("12.50"));
            assertThat(storage.awaitInSync(Duration.ofSeconds(30))).isTrue();

            await().untilAsserted(() -> {
                assertThat(gauge(registry, "switchover.records", "store", "json"))
                        .isEqualTo(1);
                assertThat(gauge(registry, "switchover.mirror.in.sync", "store", "json"))
                        .isEqualTo(1);
                assertThat(gauge(registry, "switchover.pending")).isZero();
            });
            assertThat(gauge(registry, "switchover.serving")).isEqualTo(1);
            assertThat(gauge(registry, "switchover.epoch")).isEqualTo(1);
            assertThat(gauge(registry, "switchover.backup.age")).isNaN();
            assertThat(registry.get("switchover.pool.maximum").gauge().value()).isPositive();
            assertThat(registry.get("switchover.health").gauge().value()).isEqualTo(2);
            assertThat(registry.get("switchover.directory.held").gauge().value())
                    .isEqualTo(1);
        }
    }

    @Test
    void theDashboardShowsExactlyTheseMeters() throws IOException {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (SwitchoverMetrics metrics = new SwitchoverMetrics(registry);
                SwitchoverStorage storage = open(Phase.DB_PRIMARY, metrics)) {
            metrics.bind(storage);
            storage.repository(EXPENSES).create(expense("12.50"));
            Set<String> series = names(registry.scrape().replaceAll("(?m)^#.*$", ""));
            Set<String> families = registry.getMeters().stream()
                    .map(meter ->
                            meter.getId().getConventionName(registry.config().namingConvention()))
                    .collect(Collectors.toCollection(TreeSet::new));
            Set<String> shown = names(Files.readString(dashboard()));

            assertThat(series).containsAll(shown);
            assertThat(families)
                    .allSatisfy(family -> assertThat(shown)
                            .as("the dashboard shows %s", family)
                            .anyMatch(name -> name.equals(family) || name.startsWith(family + "_")));
        }
    }

    private static Path dashboard() {
        Path here = Path.of("").toAbsolutePath();
        Path project = Files.isDirectory(here.resolve("docs")) ? here : here.getParent();
        return project.resolve("docs/grafana/switchover.json");
    }

    private static Set<String> names(String text) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = NAME.matcher(text);
        while (matcher.find()) {
            names.add(matcher.group());
        }
        return names;
    }

    private static Set<Meter.Id> ids(MeterRegistry registry) {
        return registry.getMeters().stream().map(Meter::getId).collect(Collectors.toSet());
    }

    private static long count(MeterRegistry registry, String name, String collection) {
        return registry.get(name)
                .tag("collection", collection)
                .tag("outcome", "success")
                .timer()
                .count();
    }

    private static double gauge(MeterRegistry registry, String name, String... tags) {
        return registry.get(name)
                .tag("collection", "expenses")
                .tags(tags)
                .gauge()
                .value();
    }

    private SwitchoverStorage open(Phase phase, SwitchoverMetrics metrics) {
        Map<String, String> environment = new HashMap<>(ServiceUnderTest.flags(phase));
        environment.put("DATABASE_URL", database.url());
        environment.put("FF_SHADOW_READ_PERCENT", "100");
        return Switchover.builder()
                .directory(directory)
                .environment(environment)
                .collection(EXPENSES)
                .collection(NOTES)
                .calls(metrics)
                .open();
    }
}
