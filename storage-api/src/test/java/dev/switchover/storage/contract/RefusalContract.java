package dev.switchover.storage.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.DocumentLimits;
import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.Repository;
import dev.switchover.storage.Storage;
import dev.switchover.storage.TableLayout;
import dev.switchover.storage.contract.ContractRecords.Account;
import dev.switchover.storage.contract.ContractRecords.Sample;
import dev.switchover.storage.repository.RawAccess;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What either store could not hold is refused by both, before anything is written. */
interface RefusalContract extends ContractFixture {

    @Test
    default void textsThatPostgresqlCannotHoldAreRefusedEverywhere() {
        Repository<Sample, Long> samples = openSamples();
        for (String text : List.of("a\0b", "\ud800", "a\udc00", "\udc00\ud800")) {
            InvalidRecordException refused = refusal(() -> samples.save(Sample.ofText(7, text)));
            assertThat(refused.collection()).isEqualTo("samples");
            assertThat(refused.path()).isEqualTo("/text");
        }
        InvalidRecordException nested = refusal(() -> samples.save(
                new Sample(7L, null, null, null, null, null, null, null, null, null, null, List.of("fine", "not \0"))));
        assertThat(nested.path()).isEqualTo("/list/1");
        assertThat(nested.id()).isEqualTo("7");
        assertThat(samples.count()).isZero();
    }

    @Test
    default void numbersBeyondTheLimitsAreRefusedWithoutBeingWrittenOut() {
        Repository<Sample, Long> samples = openSamples();
        List<BigDecimal> numbers = List.of(
                new BigDecimal("1E+1000"),
                new BigDecimal("1E-1000"),
                new BigDecimal("9E+2147483647"),
                new BigDecimal("9E-2147483647"),
                new BigDecimal("9".repeat(1_001)));
        for (BigDecimal number : numbers) {
            InvalidRecordException refused = refusal(() ->
                    samples.save(new Sample(7L, number, null, null, null, null, null, null, null, null, null, null)));
            assertThat(refused.path()).isEqualTo("/number");
        }
        assertThat(samples.count()).isZero();
    }

    @Test
    default void textFromOutsideIsCheckedAsStrictly() {
        CollectionDefinition<Account, String> definition = accounts();
        Storage storage = storage(definition);
        RawAccess raw = RawAccess.of(storage);
        Map<String, String> texts = Map.of(
                "{\"id\":\"a\",\"owner\":\"o\",\"owner\":\"p\"}", "/owner",
                "{\"id\":\"a\",\"x\":{\"k\":1,\"\\u006b\":2}}", "/x/k",
                "{\"id\":\"a\",\"x\":\"\\u0000\"}", "/x",
                "{\"id\":\"a\",\"x\":[\"\\ud800\"]}", "/x/0",
                "{\"id\":\"a\",\"x\":9E99999999999}", "/x",
                "{\"id\":7}", "/id",
                "{\"owner\":\"o\"}", "/id",
                "[]", "",
                "{\"id\":\"a\"}x", "");
        texts.forEach((text, path) -> assertThat(
                        refusal(() -> raw.put(definition, text)).path())
                .as(text)
                .isEqualTo(path));
        assertThat(storage.repository(definition).count()).isZero();
    }

    @Test
    default void tooDeepTooLongAndTooManyAreRefused() {
        CollectionDefinition<Sample, Long> definition = define("samples", Sample.class, Long.class)
                .limits(new DocumentLimits(2_000, 3, 40, 20, 10))
                .build();
        Storage storage = storage(definition);
        Repository<Sample, Long> samples = storage.repository(definition);
        assertThat(refusal(() -> samples.save(Sample.ofText(7, "x".repeat(2_000))))
                        .reason())
                .contains("2000 bytes");
        List<String> many = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            many.add("x");
        }
        assertThat(refusal(() -> samples.save(
                                new Sample(7L, null, null, null, null, null, null, null, null, null, null, many)))
                        .reason())
                .contains("40 tokens");
        assertThat(refusal(() -> RawAccess.of(storage).put(definition, "{\"id\":7,\"x\":[[[]]]}"))
                        .reason())
                .contains("3 levels");
        assertThat(refusal(() -> samples.save(Sample.ofNumber(7, "1E+20"))).path())
                .isEqualTo("/number");
        assertThat(refusal(() -> samples.save(Sample.empty(12345678901L))).path())
                .isEqualTo("/id");
        assertThat(samples.count()).isZero();
    }

    @Test
    default void whatIsTooLongForADeclaredIndexIsRefused() {
        TableLayout indexed = layout() instanceof TableLayout.Columns columns
                ? columns.index("text").index("number", "text")
                : ((TableLayout.Document) layout()).index("text").index("number", "text");
        CollectionDefinition<Sample, Long> definition = CollectionDefinition.of("samples", Sample.class, Long.class)
                .table(indexed)
                .build();
        Storage storage = storage(definition);
        Repository<Sample, Long> samples = storage.repository(definition);
        // Nothing that the server could compress.
        Random random = new Random(20_260_131);
        String longest = random.ints(1_000, 'a', 'z' + 1)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                + random.ints(250, 0x10000, 0x1F000)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
        samples.create(Sample.ofText(7, longest));
        assertThat(samples.findById(7L).orElseThrow().text()).isEqualTo(longest);

        InvalidRecordException refused = refusal(() -> samples.save(Sample.ofText(8, longest + "a")));
        assertThat(refused.path()).isEqualTo("/text");
        assertThat(refused.id()).isEqualTo("8");
        assertThat(refused.reason()).contains("index [text]", "2001 bytes");
        assertThat(refusal(() -> samples.update(7L, sample -> Sample.ofText(7, longest + longest)))
                        .path())
                .isEqualTo("/text");
        assertThat(refusal(() -> RawAccess.of(storage)
                                .put(definition, "{\"id\":8,\"number\":12345,\"text\":\"" + longest + "\"}"))
                        .reason())
                .contains("index [number, text]");
        assertThat(samples.count()).isEqualTo(1);
    }

    @Test
    default void whatAColumnWouldRoundIsRefused() {
        Repository<Sample, Long> samples = openSamples();
        Sample fine = Sample.ofMoment(7, Instant.parse("2026-01-31T10:00:00.123456Z"));
        Sample finer = Sample.ofMoment(8, Instant.parse("2026-01-31T10:00:00.123456789Z"));
        assertThat(samples.save(fine)).isEqualTo(fine);
        if (columns()) {
            InvalidRecordException refused = refusal(() -> samples.save(finer));
            assertThat(refused.path()).isEqualTo("/moment");
            assertThat(refused.reason()).contains("microsecond");
        } else {
            assertThat(samples.save(finer)).isEqualTo(finer);
            assertThat(samples.findById(8L)).contains(finer);
        }
    }

    @Test
    default void messagesNeverHoldTheValue() {
        Repository<Sample, Long> samples = openSamples();
        assertThat(refusal(() -> samples.save(Sample.ofText(7, "top secret\0"))))
                .hasMessageContainingAll("samples", "7", "/text")
                .hasMessageNotContaining("secret");
    }

    @Test
    default void aRefusedRecordLeavesTheStoredOneAlone() {
        Repository<Sample, Long> samples = openSamples();
        samples.create(Sample.ofText(7, "stored"));
        long version = samples.findVersioned(7L).orElseThrow().version();
        refusal(() -> samples.save(Sample.ofText(7, "\0")));
        refusal(() -> samples.update(7L, sample -> Sample.ofText(7, "\0")));
        assertThat(samples.findVersioned(7L).orElseThrow().version()).isEqualTo(version);
        assertThat(samples.findAll()).containsExactly(Sample.ofText(7, "stored"));
    }

    private static InvalidRecordException refusal(ThrowingCallable call) {
        InvalidRecordException refused = catchThrowableOfType(InvalidRecordException.class, call);
        assertThat(refused).isNotNull();
        return refused;
    }
}
