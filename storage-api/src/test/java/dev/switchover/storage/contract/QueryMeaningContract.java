package dev.switchover.storage.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.Query;
import dev.switchover.storage.Storage;
import dev.switchover.storage.contract.ContractRecords.Sample;
import dev.switchover.storage.query.PageKeys;
import dev.switchover.storage.query.QueryEvaluator;
import dev.switchover.storage.repository.RawAccess;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Many queries over nasty values, each compared with what {@code QueryEvaluator} says it means. */
interface QueryMeaningContract extends ContractFixture {

    /** So that a failure can be looked into; another seed is as good. */
    long SEED = 20_260_131;

    @Test
    default void queriesOverPropertiesOfEveryKindMeanWhatTheyMean() {
        CollectionDefinition<Sample, Long> definition = samples();
        compare(storage(definition), definition, QueryCases.ofSamples(SEED, columns()), 250);
    }

    @Test
    default void queriesOverTreesMeanWhatTheyMean() {
        Assumptions.assumeFalse(columns(), "a tree has no columns");
        CollectionDefinition<JsonNode, Long> definition =
                define("trees", JsonNode.class, Long.class).build();
        compare(storage(definition), definition, QueryCases.ofTrees(SEED), 250);
    }

    private static void compare(Storage storage, CollectionDefinition<?, ?> definition, QueryCases cases, int queries) {
        RawAccess raw = RawAccess.of(storage);
        cases.records(60).forEach(text -> raw.put(definition, text));
        CollectionSchema<?, ?> schema = raw.schema(definition);
        List<RawRecord> all = raw.access().list(schema, Query.all());
        assertThat(all).hasSize(60);
        for (int i = 0; i < queries; i++) {
            Query query = cases.query();
            List<RawRecord> meant = QueryEvaluator.of(schema, query).evaluate(all);
            assertThat(ids(raw.access().list(schema, query)))
                    .as("query %d of seed %d: %s", i, SEED, query)
                    .isEqualTo(ids(meant));
            assertThat(raw.access().count(schema, query))
                    .as("count of query %d of seed %d: %s", i, SEED, query)
                    .isEqualTo(all.stream()
                            .filter(QueryEvaluator.of(schema, query).filter())
                            .count());
            if (!meant.isEmpty()) {
                Query next = query.offset(0).limit(7).after(PageKeys.of(schema, query, meant.get(meant.size() / 2)));
                assertThat(ids(raw.access().list(schema, next)))
                        .as("page after query %d of seed %d: %s", i, SEED, query)
                        .isEqualTo(ids(QueryEvaluator.of(schema, next).evaluate(all)));
            }
        }
    }

    private static List<String> ids(List<RawRecord> records) {
        List<String> ids = new ArrayList<>();
        records.forEach(record -> ids.add(record.id().text()));
        return ids;
    }
}
