package dev.switchover.storage.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.storage.Filter;
import dev.switchover.storage.Page;
import dev.switchover.storage.PageKey;
import dev.switchover.storage.Query;
import dev.switchover.storage.Repository;
import dev.switchover.storage.Sort;
import dev.switchover.storage.contract.ContractRecords.Sample;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pages after a key. */
interface PageContract extends ContractFixture {

    @Test
    default void pagesTogetherAreTheWholeAnswer() {
        Repository<Sample, Long> samples = openSamples();
        for (long id = 1; id <= 23; id++) {
            String text = id % 5 == 0 ? null : "text " + id % 3;
            BigDecimal number = id % 4 == 0 ? null : new BigDecimal(id % 2 == 0 ? "1.10" : "-1.1");
            Instant moment = id % 6 == 0 ? null : Instant.ofEpochSecond(id % 4, 500_000 * (id % 3));
            samples.create(
                    new Sample(id, number, id % 7, id / 3.0, id % 2 == 0, text, null, null, null, moment, null, null));
        }
        List<Query> queries = List.of(
                Query.all(),
                Query.all().orderBy(Sort.ascending("text")),
                Query.all().orderBy(Sort.descending("text").nullsFirst()),
                Query.all().orderBy(Sort.ascending("number").nullsFirst()).orderBy(Sort.descending("text")),
                Query.all().orderBy(Sort.descending("moment")).orderBy(Sort.ascending("flag")),
                Query.all().orderBy(Sort.descending("approximate")),
                Query.all().where(Filter.equal("flag", true)).orderBy(Sort.descending("whole")));
        for (Query query : queries) {
            for (int size : List.of(1, 4, 23, 100)) {
                assertThat(pages(samples, query.limit(size)))
                        .as("%s by %d", query.sorts(), size)
                        .isEqualTo(samples.list(query));
            }
        }
    }

    @Test
    default void aFullLastPageHasNoKey() {
        Repository<Sample, Long> samples = openSamples();
        samples.saveAll(List.of(Sample.empty(1), Sample.empty(2)));
        assertThat(samples.page(Query.all().limit(2)).next()).isEmpty();
        assertThat(samples.page(Query.all().limit(1)).next()).isPresent();
        assertThat(samples.page(Query.all().limit(5)).records()).hasSize(2);
        assertThat(samples.page(Query.all().where(Filter.equal("id", 9)).limit(5))
                        .records())
                .isEmpty();
    }

    @Test
    default void aKeyStaysValidWhenItsRecordIsDeletedAndOthersCome() {
        Repository<Sample, Long> samples = openSamples();
        for (long id = 1; id <= 6; id++) {
            samples.create(Sample.ofText(id, "text " + id));
        }
        Query query = Query.all().orderBy(Sort.descending("text")).limit(2);
        Page<Sample> first = samples.page(query);
        assertThat(first.records()).extracting(Sample::id).containsExactly(6L, 5L);
        samples.deleteAll(List.of(5L, 4L));
        samples.create(Sample.ofText(9, "text 9"));
        samples.create(Sample.ofText(0, "text 35"));
        Page<Sample> second = samples.page(query.after(first.next().orElseThrow()));
        assertThat(second.records()).extracting(Sample::id).containsExactly(0L, 3L);
    }

    @Test
    default void keysAreForTheirQueryOnly() {
        Repository<Sample, Long> samples = openSamples();
        samples.saveAll(List.of(Sample.ofText(1, "a"), Sample.ofText(2, "b")));
        Query query = Query.all().orderBy(Sort.ascending("text")).limit(1);
        PageKey key = samples.page(query).next().orElseThrow();
        assertThat(key.text()).matches("[A-Za-z0-9_-]+");
        Query other = Query.all().orderBy(Sort.descending("text")).limit(1);
        assertThatThrownBy(() -> samples.page(other.after(key))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> samples.page(query.after(new PageKey("forged"))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> samples.page(Query.all())).isInstanceOf(IllegalArgumentException.class);
    }

    private static List<Sample> pages(Repository<Sample, Long> samples, Query query) {
        List<Sample> all = new ArrayList<>();
        Page<Sample> page = samples.page(query);
        all.addAll(page.records());
        while (page.next().isPresent()) {
            assertThat(page.records()).hasSize((int) query.limit());
            page = samples.page(query.after(page.next().get()));
            all.addAll(page.records());
        }
        return all;
    }
}
