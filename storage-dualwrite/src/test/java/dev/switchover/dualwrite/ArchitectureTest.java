package dev.switchover.dualwrite;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/**
 * The house as it was drawn: imports never run in a circle and never upward. It lives here because this is the only
 * library that sees all four.
 */
@DisabledIfSystemProperty(named = "architecture.skip", matches = "true")
class ArchitectureTest {

    private static final String API = "dev.switchover.storage..";
    private static final String JSON = "dev.switchover.json..";
    private static final String POSTGRES = "dev.switchover.postgres..";
    private static final String POSTGRES_INSIDE = "org.postgresql..";
    private static final String DUALWRITE = "dev.switchover.dualwrite..";
    private static final String CLI = "dev.switchover.cli..";
    private static final String METRICS = "dev.switchover.metrics..";

    private static JavaClasses libraries;

    @BeforeAll
    static void importTheLibraries() {
        libraries = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(location -> !location.contains("-tests.jar"))
                .importPackages(
                        "dev.switchover.storage",
                        "dev.switchover.json",
                        "dev.switchover.postgres",
                        "dev.switchover.dualwrite",
                        "dev.switchover.cli",
                        "dev.switchover.metrics",
                        "dev.switchover.console");
    }

    @Test
    void everything_is_looked_at() {
        assertThat(libraries.stream().map(type -> type.getPackageName().split("\\.")[2]))
                .contains("storage", "json", "postgres", "dualwrite", "cli", "metrics");
    }

    @Test
    void packages_form_no_cycles() {
        check(slices().matching("dev.switchover.(**)").should().beFreeOfCycles());
    }

    /** Digits and letters depend on the country, and SQL, JSON and scripts must not. */
    @Test
    void nothing_is_formatted_in_the_language_of_the_machine() {
        check(noClasses()
                .should()
                .callMethod(String.class, "format", String.class, Object[].class)
                .orShould()
                .callMethod(String.class, "formatted", Object[].class)
                .orShould()
                .callMethod(String.class, "toLowerCase")
                .orShould()
                .callMethod(String.class, "toUpperCase")
                .orShould()
                .callMethod(java.io.PrintStream.class, "printf", String.class, Object[].class));
    }

    @Test
    void the_api_knows_nobody() {
        check(noClasses()
                .that()
                .resideInAPackage(API)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(JSON, POSTGRES, DUALWRITE));
    }

    @Test
    void the_json_store_knows_the_api_only() {
        check(noClasses()
                .that()
                .resideInAPackage(JSON)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(POSTGRES, DUALWRITE));
    }

    @Test
    void the_postgres_store_knows_the_api_only() {
        check(noClasses()
                .that()
                .resideInAPackage(POSTGRES)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(JSON, DUALWRITE));
    }

    @Test
    void what_only_the_command_line_needs_nobody_else_knows() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(CLI)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(CLI, "picocli..", "me.tongfei..", "org.jline.."));
    }

    @Test
    void what_only_metrics_need_nobody_else_knows() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(METRICS)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(METRICS, "io.micrometer.."));
    }

    @Test
    void what_decides_does_no_input_or_output_and_looks_at_no_clock() {
        check(noClasses()
                .that()
                .resideInAnyPackage("dev.switchover.dualwrite.guard..", "dev.switchover.dualwrite.flags..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.io..",
                        "java.net..",
                        "java.sql..",
                        "javax.sql..",
                        "java.nio.channels..",
                        "java.util.concurrent..",
                        "org.slf4j..",
                        POSTGRES_INSIDE)
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(Files.class, Clock.class, Thread.class, Random.class)
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "getenv")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(UUID.class, "randomUUID"));
    }

    @Test
    void what_a_service_sees_names_nothing_of_the_inside() {
        check(noMethods()
                .that()
                .areDeclaredInClassesThat()
                .resideInAPackage("dev.switchover.dualwrite")
                .and()
                .areDeclaredInClassesThat(arePublicWithTheirOwners())
                .and()
                .arePublic()
                .should(nameTypesOf("mirror", "guard", "switchover", "reconcile", "handover")));
    }

    private static DescribedPredicate<JavaClass> arePublicWithTheirOwners() {
        return DescribedPredicate.describe("are public, with what they are in", type -> {
            for (JavaClass at = type; at != null; at = at.getEnclosingClass().orElse(null)) {
                if (!at.getModifiers().contains(JavaModifier.PUBLIC)) {
                    return false;
                }
            }
            return true;
        });
    }

    private static ArchCondition<JavaMethod> nameTypesOf(String... rooms) {
        Set<String> inside =
                Stream.of(rooms).map(room -> "dev.switchover.dualwrite." + room).collect(Collectors.toSet());
        return new ArchCondition<>("name types of " + inside) {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                Stream.concat(
                                method.getReturnType().getAllInvolvedRawTypes().stream(),
                                method.getParameterTypes().stream()
                                        .flatMap(type -> type.getAllInvolvedRawTypes().stream()))
                        .filter(type -> inside.contains(type.getPackageName()))
                        .forEach(type -> events.add(SimpleConditionEvent.satisfied(
                                method, method.getFullName() + " names " + type.getName())));
            }
        };
    }

    private static void check(ArchRule rule) {
        rule.check(libraries);
    }
}
