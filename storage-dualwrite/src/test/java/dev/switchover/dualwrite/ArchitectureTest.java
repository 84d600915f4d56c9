package dev.switchover.dualwrite;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
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
    private static final String DUALWRITE = "dev.switchover.dualwrite..";

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
                        "dev.switchover.dualwrite");
    }

    @Test
    void all_four_libraries_are_looked_at() {
        assertThat(libraries.stream().map(type -> type.getPackageName().split("\\.")[2]))
                .contains("storage", "json", "postgres", "dualwrite");
    }

    @Test
    void packages_form_no_cycles() {
        check(slices().matching("dev.switchover.(**)").should().beFreeOfCycles());
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

    private static void check(ArchRule rule) {
        rule.check(libraries);
    }
}
