package dev.switchover.storage.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.Envelope;
import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.Repository;
import dev.switchover.storage.Storage;
import dev.switchover.storage.contract.ContractRecords.Sample;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The other members of the file the records are nested in. */
interface EnvelopeContract extends ContractFixture {

    private CollectionDefinition<Sample, Long> nested() {
        return define("samples", Sample.class, Long.class)
                .json(JsonLayout.array().in("/budget/rows"))
                .build();
    }

    @Test
    default void aNewEnvelopeHasNothingButTheContainer() {
        CollectionDefinition<Sample, Long> definition = nested();
        Storage storage = storage(definition);
        assertThat(storage.envelope(definition).read().replaceAll("\\s", "")).isEqualTo("{\"budget\":{\"rows\":[]}}");
        assertThat(storage.repository(definition).findAll()).isEmpty();
    }

    @Test
    default void anEnvelopeIsKeptAsItIsBesideTheRecords() {
        CollectionDefinition<Sample, Long> definition = nested();
        Storage storage = storage(definition);
        Repository<Sample, Long> samples = storage.repository(definition);
        samples.create(Sample.ofText(1, "a"));
        String text = "{\"v\": 1.10, \"budget\": {\"rows\": [], \"x\": \"\\u00e9\"}, \"currency\": \"€\"}";
        storage.envelope(definition).write(text);
        samples.create(Sample.ofText(2, "b"));
        assertThat(storage.envelope(definition).read()).isEqualTo(text);
        assertThat(samples.count()).isEqualTo(2);
        Storage reopened = again(storage);
        assertThat(reopened.envelope(definition).read()).isEqualTo(text);
        assertThat(reopened.repository(definition).findAll())
                .containsExactly(Sample.ofText(1, "a"), Sample.ofText(2, "b"));
        assertThat(reopened.repository(definition).count()).isEqualTo(2);
    }

    @Test
    default void whiteSpaceInsideTheEmptyContainerIsNotPartOfTheEnvelope() {
        CollectionDefinition<Sample, Long> definition = nested();
        Storage storage = storage(definition);
        storage.envelope(definition).write(" {\"budget\" : {\"rows\": [ \n\t] , \"x\" : [ ] } }\n");
        String kept = " {\"budget\" : {\"rows\": [] , \"x\" : [ ] } }\n";
        assertThat(storage.envelope(definition).read()).isEqualTo(kept);
        assertThat(again(storage).envelope(definition).read()).isEqualTo(kept);
    }

    @Test
    default void anEnvelopeWithoutItsContainerIsRefused() {
        CollectionDefinition<Sample, Long> definition = nested();
        Envelope envelope = storage(definition).envelope(definition);
        String before = envelope.read();
        for (String wrong : List.of(
                "{}",
                "[]",
                "{\"budget\":{\"rows\":{}}}",
                "{\"budget\":{\"rows\":[1]}}",
                "{\"budget\":{\"rows\":[]}",
                "{\"budget\":{\"rows\":[]},\"x\":\"\\u0000\"}",
                "{\"budget\":{\"rows\":[]},\"x\":\"\ud800\"}",
                "{\"budget\":{\"rows\":[]},\"x\":1,\"x\":2}")) {
            assertThatThrownBy(() -> envelope.write(wrong)).isInstanceOf(InvalidRecordException.class);
        }
        assertThat(envelope.read()).isEqualTo(before);
    }

    @Test
    default void anEnvelopeIsPartOfAUnitOfWork() {
        CollectionDefinition<Sample, Long> definition = nested();
        Storage storage = storage(definition);
        String text = "{\"budget\":{\"rows\":[]},\"count\":1}";
        storage.inUnitOfWork(work -> {
            work.envelope(definition).write(text);
            assertThat(work.envelope(definition).read()).isEqualTo(text);
            return work.on(definition).create(Sample.empty(1));
        });
        assertThat(storage.envelope(definition).read()).isEqualTo(text);
        assertThatThrownBy(() -> storage.inUnitOfWork(work -> {
                    work.envelope(definition).write("{\"budget\":{\"rows\":[]},\"count\":2}");
                    return work.on(definition).create(Sample.ofText(2, "\0"));
                }))
                .isInstanceOf(InvalidRecordException.class);
        assertThat(storage.envelope(definition).read()).isEqualTo(text);
    }

    @Test
    default void aCollectionThatIsTheWholeFileHasNone() {
        CollectionDefinition<Sample, Long> definition = samples();
        Storage storage = storage(definition);
        assertThatThrownBy(() -> storage.envelope(definition)).isInstanceOf(IllegalArgumentException.class);
    }
}
