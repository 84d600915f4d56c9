package dev.switchover.postgres;

import static dev.switchover.postgres.Fixture.fence;
import static dev.switchover.postgres.Fixture.insert;
import static dev.switchover.postgres.Fixture.present;
import static dev.switchover.postgres.Fixture.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.switchover.storage.FencedException;
import dev.switchover.storage.Phase;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.Position;
import dev.switchover.storage.spi.State;
import dev.switchover.storage.spi.Token;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PostgresLedgerTest {

    private Fixture fixture;

    @BeforeEach
    void open() {
        fixture = Fixture.create();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private LedgerEntry read() {
        return fixture.store.ledger().read(fixture.documents).orElseThrow();
    }

    private boolean change(LedgerEntry expected, LedgerEntry next) {
        return fixture.store.ledger().compareAndSet(fixture.documents, expected, next, "a test");
    }

    @Test
    void before_first_contact_there_is_no_entry() {
        assertThat(fixture.store.ledger().read(fixture.documents)).isEmpty();
    }

    @Test
    void an_entry_is_read_as_it_was_written() {
        Position other = new Position("there/1", 17, "token", Instant.parse("2026-01-02T03:04:05.000006Z"));
        LedgerEntry entry = LedgerEntry.first(UUID.randomUUID(), Position.NONE)
                .with(State.SEALED, 7)
                .withFork("fork")
                .withTerm(3)
                .with(Mirroring.SYNCING)
                .withSeen(other)
                .withHighestId(99);

        assertThat(change(null, entry)).isTrue();

        LedgerEntry found = read();
        assertThat(found.sameControl(entry)).isTrue();
        assertThat(found.seen()).isEqualTo(other);
        assertThat(found.highestId()).isEqualTo(99);
        assertThat(found.position().timeline()).contains("/");
        assertThat(found.position().version()).isEqualTo(17);
    }

    @Test
    void only_one_of_two_first_contacts_wins() {
        assertThat(change(null, LedgerEntry.first(UUID.randomUUID(), Position.NONE)))
                .isTrue();
        assertThat(change(null, LedgerEntry.first(UUID.randomUUID(), Position.NONE)))
                .isFalse();
    }

    @Test
    void a_change_compares_every_control_field_and_nothing_else() {
        fixture.serve(fixture.documents, Mirroring.ON);
        LedgerEntry entry = read();
        List<LedgerEntry> others = List.of(
                entry.withLineage(UUID.randomUUID()),
                entry.with(State.ACTIVE, 2).confirm(),
                entry.withFork("x"),
                entry.with(State.SEALED, 1).confirm(),
                entry.with(State.ACTIVE, 1),
                entry.with(Mirroring.OFF),
                entry.withTerm(1));

        for (LedgerEntry other : others) {
            assertThat(change(other, entry.with(State.SEALED, 9)))
                    .as("%s", other)
                    .isFalse();
        }
        fixture.write(put(fixture.documents, 40, "a"));
        assertThat(change(entry, entry.with(State.SEALED, 2))).isTrue();
        assertThat(read().highestId()).isEqualTo(40);
    }

    @Test
    void counters_never_fall_and_an_authority_goes_on_behind_everything_it_was_told() {
        fixture.follow(fixture.documents);
        fixture.store
                .mirrorTarget()
                .apply(
                        Fixture.fences(fixture.documents),
                        List.of(present(fixture.documents, 5, 70, "a"), Fixture.absent(fixture.documents, 6, 90)),
                        Map.of(fixture.documents, 30L));
        assertThat(read().position().version()).isEqualTo(90);
        assertThat(read().highestId()).isEqualTo(30);
        fixture.store.ledger().noteSeen(fixture.documents, fence(), new Position("there", 120, "t", Instant.EPOCH));

        fixture.change(fixture.documents, entry -> entry.with(State.RECEIVING, 2));
        fixture.change(fixture.documents, entry -> entry.with(State.ACTIVE, 2));
        fixture.change(fixture.documents, LedgerEntry::confirm);
        fixture.store.serve(fixture.documents, 2);

        var made = fixture.write(insert(fixture.documents, "b"));
        assertThat(made.id().text()).isEqualTo("31");
        assertThat(made.version()).isEqualTo(121);
    }

    @Test
    void an_authority_gives_no_version_again_that_its_mirror_is_ahead_with() {
        fixture.serve(fixture.documents, Mirroring.ON);
        fixture.write(put(fixture.documents, 1, "a"));
        fixture.change(fixture.documents, entry -> entry.withTerm(1).atLeast(500, 0));
        assertThat(fixture.write(put(fixture.documents, 1, "b")).version()).isEqualTo(501);
    }

    @Test
    void old_tokens_are_forgotten_and_taken_for_known() throws SQLException {
        fixture.serve(fixture.documents, Mirroring.ON);
        String first = fixture.store.ledger().remember(fixture.documents).token();
        String rest = first.substring(first.indexOf('-'));
        // As if it were long ago: the numbers go on from here.
        fixture.sql("UPDATE switchover_ledger SET token = '" + (3 * Token.KEPT - 1) + rest + "'");
        fixture.sql(
                "INSERT INTO switchover_history (collection, at, host, pid, reason, token) SELECT 'documents', now(), 'h', 1,"
                        + " 'position noted', n || '" + rest + "' FROM generate_series(2, " + (3 * Token.KEPT - 1)
                        + ") n");
        String last = fixture.store.ledger().remember(fixture.documents).token();
        assertThat(Token.number(last)).isEqualTo(3 * Token.KEPT);
        assertThat(fixture.ask("SELECT count(*) FROM switchover_history WHERE token <> ''"))
                .isEqualTo(String.valueOf(Token.KEPT));
        assertThat(fixture.ask("SELECT count(*) FROM switchover_history WHERE token = ''"))
                .as("changes are kept")
                .isEqualTo("1");

        assertThat(fixture.store.ledger().remembers(fixture.documents, last)).isTrue();
        assertThat(fixture.store.ledger().remembers(fixture.documents, first))
                .as("too old to tell")
                .isTrue();
        assertThat(fixture.store.ledger().remembers(fixture.documents, (3 * Token.KEPT - 5) + "-other"))
                .isFalse();
        assertThat(fixture.store.ledger().remembers(fixture.documents, (3 * Token.KEPT + 1) + rest))
                .as("not reached yet")
                .isFalse();
    }

    @Test
    void tokens_are_remembered_and_strangers_are_not() {
        fixture.serve(fixture.documents, Mirroring.ON);
        Position position = fixture.store.ledger().remember(fixture.documents);

        assertThat(position.token()).isNotEmpty();
        assertThat(read().position().token()).isEqualTo(position.token());
        assertThat(fixture.store.ledger().remembers(fixture.documents, position.token()))
                .isTrue();
        assertThat(fixture.store.ledger().remembers(fixture.documents, "")).isTrue();
        assertThat(fixture.store.ledger().remembers(fixture.documents, "stranger"))
                .isFalse();
        assertThat(fixture.store.ledger().remembers(fixture.columns, position.token()))
                .isFalse();
    }

    @Test
    void leases_end_by_themselves_and_are_fenced() {
        fixture.serve(fixture.documents, Mirroring.ON);
        assertThat(fixture.store.ledger().hasLiveLease(fixture.documents)).isFalse();
        fixture.store.ledger().renewLease(fixture.documents, fence(), Duration.ofMinutes(1));
        assertThat(fixture.store.ledger().hasLiveLease(fixture.documents)).isTrue();
        fixture.store.ledger().renewLease(fixture.documents, fence(), Duration.ZERO);
        assertThat(fixture.store.ledger().hasLiveLease(fixture.documents)).isFalse();

        assertThatThrownBy(() ->
                        fixture.store.ledger().renewLease(fixture.documents, new Fence(1, 5), Duration.ofMinutes(1)))
                .isInstanceOf(FencedException.class);
        assertThatThrownBy(() -> fixture.store.ledger().noteSeen(fixture.documents, new Fence(2, 0), Position.NONE))
                .isInstanceOf(FencedException.class);
    }

    @Test
    void the_phase_of_the_last_start_is_noted() {
        fixture.serve(fixture.documents, Mirroring.ON);
        assertThat(fixture.store.ledger().lastPhase(fixture.documents)).isEmpty();
        fixture.store.ledger().notePhase(fixture.documents, Phase.DB_PRIMARY);
        assertThat(fixture.store.ledger().lastPhase(fixture.documents)).contains(Phase.DB_PRIMARY);
    }

    @Test
    void quiesce_waits_for_a_write_that_began_before_the_change_and_the_next_one_is_fenced() throws Exception {
        fixture.serve(fixture.documents, Mirroring.ON);
        fixture.write(put(fixture.documents, 1, "a"));
        try (Connection blocker = fixture.database.connect();
                Statement statement = blocker.createStatement()) {
            blocker.setAutoCommit(false);
            statement.execute("SELECT 1 FROM documents WHERE id = 1 FOR UPDATE");
            CompletableFuture<?> late =
                    CompletableFuture.supplyAsync(() -> fixture.write(put(fixture.documents, 1, "late")));
            await().until(() -> "1"
                    .equals(fixture.ask("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                            + " AND wait_event_type = 'Lock'")));
            fixture.change(fixture.documents, entry -> entry.with(State.SEALED, 2));
            CompletableFuture<Void> quiesced = CompletableFuture.runAsync(
                    () -> fixture.store.ledger().quiesce(fixture.documents, Duration.ofSeconds(20)));

            assertThatThrownBy(() -> quiesced.get(1, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
            blocker.rollback();
            quiesced.get(10, TimeUnit.SECONDS);
            // It began under the old entry, so it was let through, and is there before quiesce returned.
            late.get(10, TimeUnit.SECONDS);
        }
        assertThatThrownBy(() -> fixture.write(put(fixture.documents, 1, "later")))
                .isInstanceOf(FencedException.class);
    }

    @Test
    void quiesce_names_what_it_waited_for() throws SQLException, ExecutionException, InterruptedException {
        fixture.serve(fixture.documents, Mirroring.ON);
        try (Connection blocker = fixture.database.connect();
                Statement statement = blocker.createStatement()) {
            statement.execute("SET application_name = 'forgotten psql'");
            blocker.setAutoCommit(false);
            statement.execute("INSERT INTO switchover_pending VALUES ('documents', '7', 1, 0, now(), NULL)");

            assertThatThrownBy(() -> fixture.store.ledger().quiesce(fixture.documents, Duration.ofMillis(700)))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("forgotten psql")
                    .hasMessageContaining("pid ")
                    .hasMessageContaining("documents");
        }
    }
}
