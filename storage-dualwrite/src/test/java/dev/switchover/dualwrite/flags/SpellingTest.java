package dev.switchover.dualwrite.flags;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.dualwrite.flags.Spelling.Resemblance;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpellingTest {

    private static List<Resemblance> resembling(String name) {
        return Spelling.resembling(Map.of(name, "true"), List.of("expenses", "notes"));
    }

    @ParameterizedTest
    @CsvSource({
        "FF_DUAL_WRITE, FF_DUAL_WRITE_ENABLED",
        "FF_DUAL_WRITES_ENABLED, FF_DUAL_WRITE_ENABLED",
        "FF_DUALWRITE_ENABLED, FF_DUAL_WRITE_ENABLED",
        "FF_WRITE_ENABLED, FF_DUAL_WRITE_ENABLED",
        "ff_dual_write_enabled, FF_DUAL_WRITE_ENABLED",
        "FF_DUAL_WRITE_EXPENSES, FF_DUAL_WRITE_ENABLED_EXPENSES",
        "FF_USE_DATABASE, FF_USE_DATABASE_STORAGE",
        "FF_DATABASE_STORAGE, FF_USE_DATABASE_STORAGE",
        "FF_USE_DATBASE_STORAGE, FF_USE_DATABASE_STORAGE",
        "FF_USE_DATABASE_NOTES, FF_USE_DATABASE_STORAGE_NOTES"
    })
    void aNameThatIsNearlyOursResemblesIt(String name, String flag) {
        assertThat(resembling(name)).containsExactly(new Resemblance(name, flag));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FF_NEW_CHECKOUT",
                "FF_USE_DATABASE_CACHE_TIER",
                "FF_ENABLED",
                "FF_STORAGE",
                "FF_DARK_MODE",
                "FF_EXPENSES",
                "DUAL_WRITE",
                "FF_DUAL_WRITE_ENABLED",
                "FF_DUAL_WRITE_ENABLED_NOTES",
                "FF_USE_DATABASE_STORAGE"
            })
    void flagsOfTheHostAndOursAreLeftAlone(String name) {
        assertThat(resembling(name)).isEmpty();
    }

    @Test
    void aVariableThatIsNotSetResemblesNothing() {
        assertThat(Spelling.resembling(Map.of("FF_DUAL_WRITE", " "), List.of("expenses")))
                .isEmpty();
    }
}
