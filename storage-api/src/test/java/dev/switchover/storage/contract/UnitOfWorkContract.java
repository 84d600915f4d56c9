package dev.switchover.storage.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.RecordExistsException;
import dev.switchover.storage.Repository;
import dev.switchover.storage.Storage;
import dev.switchover.storage.UnitOfWork;
import dev.switchover.storage.VersionConflictException;
import dev.switchover.storage.contract.ContractRecords.Account;
import dev.switchover.storage.contract.ContractRecords.Expense;
import java.math.BigDecimal;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Changes to several records, of several collections, that happen together. */
interface UnitOfWorkContract extends ContractFixture {

    @Test
    default void changesInSeveralCollectionsHappenTogether() {
        CollectionDefinition<Expense, Long> expenses = expenses();
        CollectionDefinition<Account, String> accounts = accounts();
        Storage storage = storage(expenses, accounts);
        storage.repository(accounts).create(account("a", "100"));
        Expense booked = storage.inUnitOfWork(work -> {
            Expense expense = work.on(expenses).create(Expense.of("food", "12.50"));
            assertThat(expense.id()).isNotNull();
            work.on(accounts).update("a", a -> account("a", "87.50"));
            return expense;
        });
        Storage reopened = again(storage);
        assertThat(reopened.repository(expenses).findAll()).containsExactly(booked);
        assertThat(reopened.repository(accounts).findAll()).containsExactly(account("a", "87.50"));
    }

    @Test
    default void anErrorInsideChangesNothing() {
        CollectionDefinition<Expense, Long> expenses = expenses();
        CollectionDefinition<Account, String> accounts = accounts();
        Storage storage = storage(expenses, accounts);
        Account before = storage.repository(accounts).create(account("a", "100"));
        IllegalStateException own = new IllegalStateException("mine");
        assertThatThrownBy(() -> storage.inUnitOfWork(work -> {
                    work.on(expenses).create(Expense.of("food", "12.50"));
                    work.on(accounts).delete("a");
                    throw own;
                }))
                .isSameAs(own);
        assertThatThrownBy(() -> storage.inUnitOfWork(work -> {
                    work.on(accounts).save(account("b", "1"));
                    return work.on(expenses).create(Expense.of("not storable \0", "1"));
                }))
                .isInstanceOf(InvalidRecordException.class);
        assertThat(storage.repository(expenses).count()).isZero();
        assertThat(storage.repository(accounts).findAll()).containsExactly(before);
    }

    @Test
    default void theWorkSeesItsOwnChangesAndNobodyElseDoes() {
        CollectionDefinition<Account, String> definition = accounts();
        Storage storage = storage(definition);
        Repository<Account, String> accounts = storage.repository(definition);
        accounts.create(account("a", "1"));
        storage.inUnitOfWork(work -> {
            UnitOfWork.Records<Account, String> inside = work.on(definition);
            inside.save(account("a", "2"));
            inside.create(account("b", "3"));
            assertThat(inside.findById("a")).contains(account("a", "2"));
            assertThat(inside.update("b", b -> account("b", "4"))).contains(account("b", "4"));
            assertThat(inside.delete("a")).isTrue();
            assertThat(inside.delete("a")).isFalse();
            assertThat(inside.findById("a")).isEmpty();
            assertThat(inside.update("a", a -> a)).isEmpty();
            assertThat(work.on(definition).findById("b")).contains(account("b", "4"));
            UpdateContract.elsewhere(() -> assertThat(accounts.findAll()).containsExactly(account("a", "1")));
            return null;
        });
        assertThat(accounts.findAll()).containsExactly(account("b", "4"));
    }

    @Test
    default void whatIsDeletedAndCreatedAgainInsideGoesLast() {
        CollectionDefinition<Account, String> definition = accounts();
        Storage storage = storage(definition);
        Repository<Account, String> accounts = storage.repository(definition);
        accounts.saveAll(List.of(account("a", "1"), account("b", "2")));
        storage.inUnitOfWork(work -> {
            work.on(definition).delete("a");
            return work.on(definition).create(account("a", "3"));
        });
        assertThat(accounts.findAll()).containsExactly(account("b", "2"), account("a", "3"));
    }

    @Test
    default void creatingWhatExistsIsRefusedInside() {
        CollectionDefinition<Account, String> definition = accounts();
        Storage storage = storage(definition);
        storage.repository(definition).create(account("a", "1"));
        assertThatThrownBy(
                        () -> storage.inUnitOfWork(work -> work.on(definition).create(account("a", "2"))))
                .isInstanceOf(RecordExistsException.class);
        assertThat(storage.repository(definition).findAll()).containsExactly(account("a", "1"));
    }

    @Test
    default void anExpectedVersionThatIsWrongIsThrownNotRetried() {
        CollectionDefinition<Account, String> definition = accounts();
        Storage storage = storage(definition);
        Repository<Account, String> accounts = storage.repository(definition);
        accounts.create(account("a", "1"));
        long version = accounts.findVersioned("a").orElseThrow().version();
        storage.inUnitOfWork(work -> {
            work.on(definition).save(account("a", "2"), version);
            work.on(definition).save(account("b", "1"), 0);
            return null;
        });
        AtomicInteger calls = new AtomicInteger();
        assertThatThrownBy(() -> storage.inUnitOfWork(work -> {
                    calls.incrementAndGet();
                    work.on(definition).save(account("c", "1"));
                    work.on(definition).save(account("a", "3"), version);
                    return null;
                }))
                .isInstanceOfSatisfying(VersionConflictException.class, conflict -> {
                    assertThat(conflict.expected()).isEqualTo(version);
                    assertThat(conflict.actual())
                            .isEqualTo(accounts.findVersioned("a").orElseThrow().version());
                });
        assertThat(calls).hasValue(1);
        assertThat(accounts.findAll()).containsExactly(account("a", "2"), account("b", "1"));
    }

    @Test
    default void whenWhatItChangesIsChangedByOthersTheWorkIsDoneAgain() {
        CollectionDefinition<Account, String> definition = accounts();
        Storage storage = storage(definition);
        Repository<Account, String> accounts = storage.repository(definition);
        accounts.create(account("a", "1"));
        AtomicInteger calls = new AtomicInteger();
        storage.inUnitOfWork(work -> work.on(definition).update("a", a -> {
            if (calls.getAndIncrement() == 0) {
                UpdateContract.elsewhere(() -> accounts.save(account("a", "10")));
            }
            return plus(a, 1);
        }));
        assertThat(calls).hasValue(2);
        assertThat(accounts.findById("a")).contains(account("a", "11"));
    }

    @Test
    default void whenWhatItOnlyReadIsChangedByOthersTheWorkIsDoneAgain() {
        CollectionDefinition<Account, String> definition = accounts();
        Storage storage = storage(definition);
        Repository<Account, String> accounts = storage.repository(definition);
        accounts.saveAll(List.of(account("a", "1"), account("b", "1")));
        AtomicInteger calls = new AtomicInteger();
        storage.inUnitOfWork(work -> {
            BigDecimal read = work.on(definition).findById("a").orElseThrow().balance();
            boolean absent = work.on(definition).findById("c").isEmpty();
            int call = calls.incrementAndGet();
            if (call == 1) {
                UpdateContract.elsewhere(() -> accounts.save(account("a", "2")));
            } else if (call == 2) {
                UpdateContract.elsewhere(() -> accounts.create(account("c", "1")));
            }
            return work.on(definition).save(account("b", read + (absent ? "0" : "1")));
        });
        assertThat(calls).hasValue(3);
        assertThat(accounts.findById("b")).contains(account("b", "21"));
    }

    @Test
    default void moneyMovedByManyThreadsNeitherComesNorGoes() throws Exception {
        CollectionDefinition<Account, String> definition = accounts();
        Storage storage = storage(definition);
        Repository<Account, String> accounts = storage.repository(definition);
        accounts.saveAll(List.of(account("a", "100"), account("b", "100"), account("c", "100")));
        List<String> names = List.of("a", "b", "c");
        UpdateContract.inParallel(6, thread -> {
            for (int i = 0; i < 15; i++) {
                String from = names.get((thread + i) % 3);
                String to = names.get((thread + i + 1 + i % 2) % 3);
                storage.inUnitOfWork(work -> {
                    work.on(definition).update(from, account -> plus(account, -1));
                    return work.on(definition).update(to, account -> plus(account, 1));
                });
            }
        });
        BigDecimal total = accounts.findAll().stream()
                .map(account -> account.balance() == null ? BigDecimal.ZERO : account.balance())
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        assertThat(total).isEqualByComparingTo("300");
    }

    @Test
    default void anIdTheWorkHasGivenItselfIsNotMadeOnceMore() {
        CollectionDefinition<Expense, Long> definition = expenses();
        Storage storage = storage(definition);
        long highest = ContractFixture.id(storage.repository(definition).create(Expense.of("a", "1")));
        Expense given = Expense.of("given", "2").withId(highest + 1);
        Expense made = storage.inUnitOfWork(work -> {
            work.on(definition).create(given);
            return work.on(definition).create(Expense.of("made", "3"));
        });
        assertThat(storage.repository(definition).findAll()).hasSize(3).contains(given, made);
    }

    @Test
    default void anIdSomebodyElseGivesMeanwhileIsNotOverwritten() {
        CollectionDefinition<Expense, Long> definition = expenses();
        Storage storage = storage(definition);
        Repository<Expense, Long> expenses = storage.repository(definition);
        AtomicInteger calls = new AtomicInteger();
        AtomicReference<Expense> other = new AtomicReference<>();
        Expense made = storage.inUnitOfWork(work -> {
            Expense created = work.on(definition).create(Expense.of("made", "1"));
            if (calls.getAndIncrement() == 0) {
                other.set(Expense.of("given", "2").withId(ContractFixture.id(created)));
                UpdateContract.elsewhere(() -> expenses.create(other.get()));
            }
            return created;
        });
        assertThat(calls).hasValue(2);
        assertThat(expenses.findAll()).containsExactlyInAnyOrder(other.get(), made);
    }

    @Test
    default void aUnitOfWorkIsOfNoUseOutside() {
        CollectionDefinition<Account, String> definition = accounts();
        Storage storage = storage(definition);
        AtomicReference<UnitOfWork> kept = new AtomicReference<>();
        storage.inUnitOfWork(work -> {
            kept.set(work);
            return null;
        });
        assertThatThrownBy(() -> kept.get().on(definition).save(account("a", "1")))
                .isInstanceOf(IllegalStateException.class);
        assertThat(storage.repository(definition).count()).isZero();
    }

    @Test
    default void aCollectionTheStorageDoesNotHaveIsRefused() {
        Storage storage = storage(expenses());
        CollectionDefinition<Account, String> other = accounts();
        assertThatThrownBy(() -> storage.repository(other)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> storage.inUnitOfWork(work -> work.on(other).delete("a")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Account account(String id, String balance) {
        return new Account(id, "owner", new BigDecimal(balance));
    }

    private static Account plus(Account account, int amount) {
        BigDecimal balance = account.balance() == null ? BigDecimal.ZERO : account.balance();
        return new Account(account.id(), account.owner(), balance.add(BigDecimal.valueOf(amount)));
    }
}
