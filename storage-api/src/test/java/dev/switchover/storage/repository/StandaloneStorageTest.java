package dev.switchover.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.Repository;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.contract.ContractRecords.Account;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.Position;
import dev.switchover.storage.spi.RecordAccess;
import dev.switchover.storage.spi.RecordStore;
import dev.switchover.storage.spi.State;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StandaloneStorageTest {

    private static final class Alone extends StandaloneStorage {

        Alone(RecordStore store) {
            super(store);
        }

        @Override
        protected <T, ID> Repository<T, ID> newRepository(CollectionSchema<T, ID> schema, RecordAccess access) {
            return new StoreRepository<>(schema, access) {};
        }
    }

    private final CollectionDefinition<Account, String> accounts =
            CollectionDefinition.of("accounts", Account.class, String.class).build();
    private final InMemoryStore store = new InMemoryStore(CollectionSchema.of(accounts));

    @Test
    void aStoreWithoutALedgerBecomesTheAuthorityOfANewDataSet() {
        try (Alone storage = new Alone(store)) {
            storage.repository(accounts).create(new Account("a", "o", null));
            LedgerEntry entry = store.ledger.entries.get("accounts");
            assertThat(entry.serves()).isTrue();
            assertThat(entry.epoch()).isEqualTo(1);
            assertThat(store.ledger.remembers(
                            store.schemas().get(0), entry.position().token()))
                    .isTrue();
            assertThat(store.prepared).isTrue();
        }
        assertThat(store.closed).isTrue();
    }

    @Test
    void aStoreThatServesGoesOnUnderItsEpochAndLeavesMirroringAsItIs() {
        LedgerEntry entry = LedgerEntry.first(UUID.randomUUID(), Position.NONE)
                .with(State.ACTIVE, 7)
                .confirm()
                .with(Mirroring.ON);
        store.ledger.entries.put("accounts", entry);
        try (Alone storage = new Alone(store)) {
            storage.repository(accounts).create(new Account("a", "o", null));
            assertThat(store.ledger.entries.get("accounts")).isEqualTo(entry);
        }
    }

    @ParameterizedTest
    @EnumSource(State.class)
    void aStoreThatIsNotTheConfirmedAuthorityIsRefusedAndLetGo(State state) {
        LedgerEntry entry = LedgerEntry.first(UUID.randomUUID(), Position.NONE).with(state, 2);
        store.ledger.entries.put("accounts", state == State.ACTIVE ? entry : entry.confirm());
        assertThatThrownBy(() -> new Alone(store)).isInstanceOfSatisfying(StartRefusedException.class, refused -> {
            assertThat(refused.code()).isEqualTo("NOT-THE-AUTHORITY");
            assertThat(refused).hasMessageContainingAll("accounts", "PostgreSQL", state.name(), "epoch 2");
        });
        assertThat(store.closed).isTrue();
        assertThat(store.ledger.entries.get("accounts").state()).isEqualTo(state);
    }
}
