package dev.switchover.storage.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.storage.Filter;
import dev.switchover.storage.Query;
import dev.switchover.storage.Repository;
import dev.switchover.storage.Sort;
import dev.switchover.storage.contract.ContractRecords.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Parts of an answer, and answers read bit by bit. */
interface StreamContract extends ContractFixture {

    @Test
    default void aStreamGivesTheSameAsAList() {
        Repository<Sample, Long> samples = openSamples();
        for (long id = 1; id <= 250; id++) {
            samples.create(Sample.ofText(id, "text " + id % 10));
        }
        Query query = Query.all().where(Filter.notEqual("text", "text 3")).orderBy(Sort.descending("text"));
        try (Stream<Sample> stream = samples.stream(query)) {
            assertThat(stream.toList()).isEqualTo(samples.list(query));
        }
        try (Stream<Sample> stream = samples.stream(Query.all())) {
            assertThat(stream.limit(3).map(Sample::id).toList()).containsExactly(1L, 2L, 3L);
        }
    }

    @Test
    default void aStreamStaysAtItsMomentWhileOthersWrite() {
        Repository<Sample, Long> samples = openSamples();
        for (long id = 1; id <= 50; id++) {
            samples.create(Sample.ofText(id, "before"));
        }
        List<Sample> seen = new ArrayList<>();
        try (Stream<Sample> stream = samples.stream(Query.all())) {
            stream.forEach(sample -> {
                if (seen.isEmpty()) {
                    UpdateContract.elsewhere(() -> {
                        samples.save(Sample.ofText(50, "after"));
                        samples.delete(49L);
                        samples.create(Sample.ofText(51, "after"));
                    });
                }
                seen.add(sample);
            });
        }
        assertThat(seen).hasSize(50).extracting(Sample::text).containsOnly("before");
        assertThat(samples.count()).isEqualTo(50);
    }

    @Test
    default void limitAndOffsetCountWhatMatches() {
        Repository<Sample, Long> samples = openSamples();
        for (long id = 1; id <= 9; id++) {
            samples.create(Sample.ofText(id, id % 2 == 0 ? "even" : "odd"));
        }
        Query odd = Query.all().where(Filter.equal("text", "odd"));
        assertThat(QueryContract.ids(samples, odd.limit(2))).containsExactly(1L, 3L);
        assertThat(QueryContract.ids(samples, odd.limit(2).offset(3))).containsExactly(7L, 9L);
        assertThat(QueryContract.ids(samples, odd.offset(4))).containsExactly(9L);
        assertThat(QueryContract.ids(samples, odd.offset(50))).isEmpty();
        assertThat(QueryContract.ids(samples, odd.limit(0))).isEmpty();
        assertThat(QueryContract.ids(samples, odd.orderBy(Sort.descending("id")).limit(2)))
                .containsExactly(9L, 7L);
        assertThat(samples.count(odd.limit(1).offset(2))).isEqualTo(5);
    }
}
