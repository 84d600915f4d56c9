package dev.switchover.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Filter;
import dev.switchover.storage.Query;
import dev.switchover.storage.Sort;
import dev.switchover.storage.TableLayout;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Expected;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.Write;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions that are set otherwise, by the database, its role or the JVM, and answer alike all the same. */
class OtherSessionsTest {

    @Test
    void moments_in_another_time_zone_are_no_change_by_others() throws SQLException {
        CollectionSchema<Fixture.Item, Long> theirs =
                Fixture.items("theirs", TableLayout.columns().existingTable("theirs"));
        TimeZone here = TimeZone.getDefault();
        try (TestDatabase database = TestDatabase.create();
                Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE theirs (id bigint PRIMARY KEY, name text, amount numeric, paid boolean, day"
                    + " date, at timestamptz, rate double precision, tags json);"
                    + " INSERT INTO theirs (id, at) VALUES (1, '2026-01-31 10:00Z')");
            List<Long> versions = new ArrayList<>();
            for (String zone : List.of("UTC", "Pacific/Chatham")) {
                TimeZone.setDefault(TimeZone.getTimeZone(zone));
                try (PostgresStore store =
                        PostgresStore.open(PostgresSettings.of(DatabaseUrl.parse(database.url())), List.of(theirs))) {
                    store.prepare();
                    versions.add(store.list(theirs, Query.all()).get(0).version());
                }
            }
            assertThat(versions.get(1)).isEqualTo(versions.get(0));
        } finally {
            TimeZone.setDefault(here);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "standard_conforming_strings = off",
                "quote_all_identifiers = on",
                "array_nulls = off",
                "transform_null_equals = on"
            })
    void how_the_server_takes_and_writes_sql_changes_no_answer(String setting) {
        try (Fixture fixture = new Fixture(TestDatabase.unlikeOthers("", List.of(setting)))) {
            fixture.store.prepare();
            fixture.store.prepare();
            for (CollectionSchema<?, ?> schema : List.<CollectionSchema<?, ?>>of(fixture.documents, fixture.columns)) {
                fixture.serve(schema, Mirroring.ON);
                String early = at("2026-01-31T10:00:00Z");
                String late = at("2026-01-31T10:00:01Z")
                        .replace("\"id\":1,\"name\":null", "\"id\":2,\"name\":\"a\\\\'NULL\"");
                fixture.store.write(List.of(
                        new Write.Put(schema, new RecordId("1"), Fixture.bytes(early), Expected.ANY),
                        new Write.Put(schema, new RecordId("2"), Fixture.bytes(late), Expected.ANY)));

                assertThat(fixture.store.list(schema, Query.all().orderBy(Sort.descending("at"))))
                        .extracting(Fixture::text)
                        .containsExactly(late, early);
                for (Filter filter : List.of(
                        Filter.greater("at", Instant.parse("2026-01-31T10:00:00.5Z")),
                        Filter.prefix("name", "a\\'"),
                        Filter.equal("name", "a\\'NULL"))) {
                    assertThat(fixture.store.list(schema, Query.all().where(filter)))
                            .as("%s", filter)
                            .extracting(Fixture::text)
                            .containsExactly(late);
                }
            }
        }
    }

    private static String at(String moment) {
        return "{\"id\":1,\"name\":null,\"amount\":null,\"paid\":null,\"day\":null,\"at\":\"" + moment
                + "\",\"rate\":null,\"tags\":null}";
    }
}
