package dev.switchover.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Query;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Expected;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.RecordCursor;
import dev.switchover.storage.spi.Write;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the database, its role, the driver's caller or the JVM may have set otherwise. */
class SessionCheckTest {

    @Test
    void a_double_comes_back_whole_from_a_database_that_rounds_what_it_shows() {
        try (Fixture fixture = new Fixture(TestDatabase.unlikeOthers("", List.of("extra_float_digits = 0")))) {
            fixture.store.prepare();
            fixture.serve(fixture.columns, Mirroring.OFF);
            String body = "{\"id\":1,\"name\":null,\"amount\":null,\"paid\":null,\"day\":null,\"at\":null,"
                    + "\"rate\":1.2345678912345679E8,\"tags\":null}";

            fixture.store.write(
                    List.of(new Write.Put(fixture.columns, new RecordId("1"), Fixture.bytes(body), Expected.ANY)));

            assertThat(fixture.store.list(fixture.columns, Query.all()))
                    .extracting(Fixture::text)
                    .first()
                    .asString()
                    .contains("1.2345678912345679E8");
            try (RecordCursor all = fixture.store.scan(fixture.columns)) {
                assertThat(all)
                        .toIterable()
                        .extracting(Fixture::text)
                        .first()
                        .asString()
                        .contains("1.2345678912345679E8");
            }
        }
    }

    /** There the year 9999 ends, or the year 1 begins, hours apart from UTC; and long ago zones had seconds. */
    @ParameterizedTest
    @ValueSource(strings = {"Asia/Kathmandu", "America/St_Johns", "UTC"})
    void moments_at_the_ends_of_time_come_back_in_every_time_zone(String zone) {
        TimeZone before = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
        try (Fixture fixture = Fixture.serving(Mirroring.OFF)) {
            for (String moment : List.of(
                    "0001-01-01T00:00:00Z",
                    "1883-11-18T17:00:00Z",
                    "2026-01-31T10:00:00.123Z",
                    "9999-12-31T23:59:59.999999Z")) {
                String body = "{\"id\":1,\"name\":null,\"amount\":null,\"paid\":null,\"day\":null,\"at\":\"" + moment
                        + "\",\"rate\":null,\"tags\":null}";
                fixture.store.write(
                        List.of(new Write.Put(fixture.columns, new RecordId("1"), Fixture.bytes(body), Expected.ANY)));

                assertThat(fixture.store.list(fixture.columns, Query.all()))
                        .extracting(Fixture::text)
                        .containsExactly(body);
            }
        } finally {
            TimeZone.setDefault(before);
        }
    }

    @Test
    void a_host_s_pool_that_rounds_is_refused() {
        try (Fixture fixture = new Fixture(TestDatabase.unlikeOthers("", List.of("extra_float_digits = 0")));
                PostgresStore store = PostgresStore.open(
                        PostgresSettings.of(fixture.database.dataSource()), List.of(fixture.columns))) {
            assertThatThrownBy(store::prepare)
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContaining("FLOAT-DIGITS")
                    .hasMessageContaining("extra_float_digits");
        }
    }

    @ParameterizedTest
    @CsvSource({"default_transaction_isolation%3Dserializable, ISOLATION", "extra_float_digits%3D0, FLOAT-DIGITS"})
    void what_would_not_fence_or_would_round_is_refused(String option, String code) {
        try (TestDatabase database = TestDatabase.create()) {
            PostgresSettings otherwise = PostgresSettings.of(DatabaseUrl.parse(
                    database.url() + (database.url().contains("?") ? "&" : "?") + "options=-c%20" + option));
            try (PostgresStore store = PostgresStore.open(otherwise, List.of())) {
                assertThatThrownBy(store::prepare)
                        .isInstanceOf(StartRefusedException.class)
                        .hasMessageContaining(code);
            }
        }
    }

    /** Their digits are not those of SQL. */
    @ParameterizedTest
    @ValueSource(strings = {"ar-EG-u-nu-arab", "th-TH-u-nu-thai", "tr-TR"})
    void batches_are_written_in_any_language(String language) {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag(language));
        try (Fixture fixture = Fixture.serving(Mirroring.ON)) {
            for (CollectionSchema<?, ?> schema : List.of(fixture.documents, fixture.columns)) {
                fixture.store.write(
                        List.of(Fixture.insert(schema, "a"), Fixture.insert(schema, "b"), Fixture.put(schema, 7, "c")));
                assertThat(fixture.store.count(schema, Query.all())).isEqualTo(3);
            }
        } finally {
            Locale.setDefault(before);
        }
    }
}
