package dev.switchover.storage.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.RecordExistsException;
import dev.switchover.storage.Repository;
import dev.switchover.storage.Storage;
import dev.switchover.storage.contract.ContractRecords.Account;
import dev.switchover.storage.contract.ContractRecords.Counter;
import dev.switchover.storage.contract.ContractRecords.Expense;
import dev.switchover.storage.contract.ContractRecords.Movie;
import dev.switchover.storage.contract.ContractRecords.MovieId;
import dev.switchover.storage.contract.ContractRecords.Sample;
import dev.switchover.storage.contract.ContractRecords.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Ids of every type, and who makes them. */
interface IdContract extends ContractFixture {

    @Test
    default void idsFromTheSequenceBeginAtOneAndGrow() {
        Repository<Expense, Long> expenses = openExpenses();
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ids.add(expenses.create(Expense.of("a", "1")).id());
        }
        assertThat(ids).isSorted().doesNotHaveDuplicates();
        assertThat(ids.get(0)).isGreaterThanOrEqualTo(1);
    }

    @Test
    default void savingWithoutAnIdCreates() {
        Repository<Expense, Long> expenses = openExpenses();
        Expense first = expenses.save(Expense.of("a", "1"));
        Expense second = expenses.save(Expense.of("a", "1"));
        Expense third = expenses.save(Expense.of("a", "1"), 0).record();
        assertThat(List.of(ContractFixture.id(first), ContractFixture.id(second), ContractFixture.id(third)))
                .doesNotHaveDuplicates();
        assertThat(expenses.findAll()).containsExactly(first, second, third);
    }

    @Test
    default void zeroInAPrimitiveIdMeansNone() {
        CollectionDefinition<Counter, Long> definition = counters();
        Repository<Counter, Long> counters = storage(definition).repository(definition);
        Counter created = counters.create(new Counter(0, 5));
        assertThat(created.id()).isPositive();
        assertThat(counters.findById(created.id())).contains(created);
        assertThat(counters.findAll()).containsExactly(created);
    }

    @Test
    default void anIdIsNeverMadeAgainAfterTheNewestIsDeletedAndTheStorageReopened() {
        CollectionDefinition<Expense, Long> definition = expenses();
        Storage storage = storage(definition);
        Repository<Expense, Long> expenses = storage.repository(definition);
        expenses.create(Expense.of("a", "1"));
        long newest = ContractFixture.id(expenses.create(Expense.of("b", "1")));
        expenses.delete(newest);
        long next = ContractFixture.id(expenses.create(Expense.of("c", "1")));
        assertThat(next).isGreaterThan(newest);
        expenses.deleteAll(expenses.findAll().stream().map(Expense::id).toList());
        Repository<Expense, Long> reopened = again(storage).repository(definition);
        assertThat(ContractFixture.id(reopened.create(Expense.of("d", "1")))).isGreaterThan(next);
    }

    @Test
    default void anIdGivenAllTheSameIsKeptAndNeverMadeAgain() {
        CollectionDefinition<Expense, Long> definition = expenses();
        Storage storage = storage(definition);
        Repository<Expense, Long> expenses = storage.repository(definition);
        expenses.create(Expense.of("given", "1").withId(40));
        assertThat(expenses.findById(40L)).isPresent();
        assertThat(ContractFixture.id(expenses.create(Expense.of("made", "1")))).isGreaterThan(40);
        expenses.save(Expense.of("given", "1").withId(70));
        expenses.delete(70L);
        assertThat(ContractFixture.id(again(storage).repository(definition).create(Expense.of("made", "1"))))
                .isGreaterThan(70);
    }

    @Test
    default void aBatchWithAndWithoutIdsKeepsThemApart() {
        Repository<Expense, Long> expenses = openExpenses();
        List<Expense> saved = expenses.saveAll(List.of(
                Expense.of("a", "1").withId(3),
                Expense.of("b", "1"),
                Expense.of("c", "1").withId(9),
                Expense.of("d", "1")));
        assertThat(saved).extracting(Expense::id).doesNotContainNull().doesNotHaveDuplicates();
        assertThat(expenses.findAll()).isEqualTo(saved);
    }

    @Test
    default void anIdMadeInABatchIsNoneOfThoseGivenAfterIt() {
        Repository<Expense, Long> expenses = openExpenses();
        long last = ContractFixture.id(expenses.create(Expense.of("a", "1")));
        List<Expense> saved = expenses.saveAll(List.of(
                Expense.of("made", "1"),
                Expense.of("given", "1").withId(last + 1),
                Expense.of("made", "2"),
                Expense.of("given", "2").withId(last + 2)));
        assertThat(saved).extracting(Expense::id).doesNotHaveDuplicates();
        assertThat(saved.get(1).id()).isEqualTo(last + 1);
        assertThat(expenses.findAll()).hasSize(5).containsAll(saved);
    }

    @Test
    default void longIdsHoldEverySixtyFourBitNumber() {
        Repository<Sample, Long> samples = openSamples();
        List<Long> ids = List.of(Long.MAX_VALUE, 9_007_199_254_740_993L, 0L, -1L, Long.MIN_VALUE);
        ids.forEach(id -> samples.create(Sample.empty(id)));
        assertThat(samples.findAll()).extracting(Sample::id).isEqualTo(ids);
        ids.forEach(id -> assertThat(samples.findById(id)).contains(Sample.empty(id)));
    }

    @Test
    default void stringIdsAreAnyText() {
        CollectionDefinition<Account, String> definition = accounts();
        Storage storage = storage(definition);
        Repository<Account, String> accounts = storage.repository(definition);
        List<String> ids = List.of(
                "a",
                "A",
                "7",
                "07",
                " ",
                "é",
                "e\u0301",
                "😀",
                "\uffee",
                "a/b~c.d",
                "\"\\\n\t",
                "'; --",
                "null",
                "%_",
                "x".repeat(512));
        ids.forEach(id -> accounts.create(new Account(id, "owner of " + id, null)));
        assertThat(accounts.findAll()).extracting(Account::id).isEqualTo(ids);
        Repository<Account, String> reopened = again(storage).repository(definition);
        ids.forEach(id -> assertThat(reopened.findById(id)).contains(new Account(id, "owner of " + id, null)));
        assertThat(reopened.findAll()).extracting(Account::id).isEqualTo(ids);
        assertThat(reopened.deleteAll(ids)).isEqualTo(ids.size());
    }

    @Test
    default void idsThatNoStoreCanHoldAreRefused() {
        CollectionDefinition<Account, String> definition = accounts();
        Repository<Account, String> accounts = storage(definition).repository(definition);
        for (String id : List.of("", "a\0", "\ud800", "x".repeat(513))) {
            assertThatThrownBy(() -> accounts.create(new Account(id, "o", null)))
                    .as("id of %d characters", id.length())
                    .isInstanceOf(InvalidRecordException.class);
            assertThatThrownBy(() -> accounts.findById(id)).isInstanceOf(InvalidRecordException.class);
        }
        assertThat(accounts.count()).isZero();
    }

    @Test
    default void uuidsAreMadeOrGiven() {
        CollectionDefinition<Tag, UUID> definition = tags();
        Storage storage = storage(definition);
        Repository<Tag, UUID> tags = storage.repository(definition);
        Tag made = tags.create(new Tag(null, "made"));
        UUID id = made.id();
        assertThat(id).isNotNull();
        UUID given = UUID.fromString("0000000A-0000-0000-0000-00000000000F".toLowerCase(Locale.ROOT));
        tags.create(new Tag(given, "given"));
        assertThatThrownBy(() -> tags.create(new Tag(given, "again"))).isInstanceOf(RecordExistsException.class);
        Repository<Tag, UUID> reopened = again(storage).repository(definition);
        assertThat(reopened.findById(id)).contains(made);
        assertThat(reopened.findById(given)).contains(new Tag(given, "given"));
    }

    @Test
    default void composedIdsAreMadeOfSeveralProperties() {
        CollectionDefinition<Movie, MovieId> definition = movies();
        Storage storage = storage(definition);
        Repository<Movie, MovieId> movies = storage.repository(definition);
        List<Movie> all = List.of(
                new Movie("Airplane!", 1980, "comedy"),
                new Movie("Airplane!", 1981, null),
                new Movie("\"a\",1", 1980, null),
                new Movie("", 1980, null),
                new Movie("é😀\n", -1, null));
        movies.saveAll(all);
        assertThatThrownBy(() -> movies.create(new Movie("Airplane!", 1980, "drama")))
                .isInstanceOf(RecordExistsException.class);
        Repository<Movie, MovieId> reopened = again(storage).repository(definition);
        assertThat(reopened.findAll()).isEqualTo(all);
        all.forEach(movie -> assertThat(reopened.findById(new MovieId(movie.title(), movie.year())))
                .contains(movie));
        assertThat(reopened.findById(new MovieId("Airplane!", 1982))).isEmpty();
        assertThat(reopened.update(
                        new MovieId("Airplane!", 1981), movie -> new Movie(movie.title(), movie.year(), "sequel")))
                .contains(new Movie("Airplane!", 1981, "sequel"));
        assertThat(reopened.delete(new MovieId("Airplane!", 1980))).isTrue();
    }
}
