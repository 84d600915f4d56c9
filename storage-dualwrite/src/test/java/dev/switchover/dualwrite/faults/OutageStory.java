package dev.switchover.dualwrite.faults;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static dev.switchover.dualwrite.ServiceUnderTest.expense;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.switchover.dualwrite.BothStores;
import dev.switchover.dualwrite.ServiceUnderTest;
import dev.switchover.dualwrite.ServiceUnderTest.Expense;
import dev.switchover.dualwrite.ServiceUnderTest.Note;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Query;
import dev.switchover.storage.Repository;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.UnknownOutcomeException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One fault in one phase: every call ends in time while it lasts, the next ones cost nothing, and afterwards everything is as if it
 * had not been, without anybody's help. Then the same fault once more for closing and opening.
 */
final class OutageStory {

    /** A call waits 1 s for a connection here, and 6 s for an answer; a busy machine is left some more. */
    private static final Duration ANY_CALL = Duration.ofSeconds(15);
    /** Closing waits for what is pending, and opening asks the database more than once. */
    private static final Duration OPEN_OR_CLOSE = Duration.ofSeconds(30);

    private static final Duration RECOVERY = Duration.ofSeconds(60);

    private final Fault fault;
    private final Phase phase;
    private final Path directory;
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final Set<String> refused = ConcurrentHashMap.newKeySet();

    OutageStory(Fault fault, Phase phase, Path directory) {
        this.fault = fault;
        this.phase = phase;
        this.directory = directory;
    }

    void play() throws Exception {
        ExecutorService callers = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "caller");
            thread.setDaemon(true);
            return thread;
        });
        try (Surroundings around = fault.needsOwnServer() ? Surroundings.own() : Surroundings.shared()) {
            ServiceUnderTest service = new ServiceUnderTest(directory, around.urlThroughProxy())
                    .set("SWITCHOVER_CONNECTION_TIMEOUT", "1s")
                    .set("SWITCHOVER_CLOSE_TIMEOUT", "2s");
            SwitchoverStorage storage = service.open(phase);
            try {
                seed(storage);
                fault.begin(around);
                everyCallEnds(storage, callers);
                theNextOnesCostNothing(storage, callers);
                fault.end(around);
                everythingRecovers(storage);
                fault.begin(around);
                create(storage, "just before closing");
            } finally {
                within(OPEN_OR_CLOSE, "close", callers.submit(storage::close));
            }
            within(OPEN_OR_CLOSE, "open", callers.submit(() -> opensOrIsRefused(service)));
            fault.end(around);
            try (SwitchoverStorage again = openAgain(service)) {
                assertThat(again.awaitInSync(RECOVERY)).isTrue();
                nothingIsLostOrMadeUp(again);
            }
            if (phase.mirrored()) {
                BothStores.assertEqual(directory, around.directUrl(), List.of(EXPENSES, NOTES));
            }
        } finally {
            callers.shutdownNow();
        }
    }

    private void seed(SwitchoverStorage storage) {
        for (int i = 0; i < 5; i++) {
            create(storage, "seed " + i);
        }
        storage.repository(NOTES).create(new Note("a", "seed"));
        assertThat(storage.awaitInSync(RECOVERY)).isTrue();
        if (!phase.mirrored()) {
            storage.export(); // for stale reads there has to be a copy
        }
    }

    private void everyCallEnds(SwitchoverStorage storage, ExecutorService callers) throws Exception {
        Map<String, Future<@Nullable Throwable>> running = new LinkedHashMap<>();
        calls(storage).forEach((name, call) -> running.put(name, callers.submit(() -> catchThrowable(call::call))));
        for (Map.Entry<String, Future<@Nullable Throwable>> call : running.entrySet()) {
            Throwable thrown = within(ANY_CALL, call.getKey(), call.getValue());
            if (thrown != null) {
                assertThat(thrown).as(call.getKey()).isInstanceOf(StorageException.class);
                assertThat(phase.databasePhase())
                        .as("%s fails without its mirror: %s", call.getKey(), thrown)
                        .isTrue();
            }
        }
    }

    /** Reads, writes and questions; a call that fails may say so with a {@link StorageException} only. */
    private Map<String, Callable<?>> calls(SwitchoverStorage storage) {
        Repository<Expense, Long> expenses = storage.repository(EXPENSES);
        Repository<Note, String> notes = storage.repository(NOTES);
        Map<String, Callable<?>> calls = new LinkedHashMap<>();
        calls.put("findById", () -> expenses.findById(1L));
        calls.put("findAll", expenses::findAll);
        calls.put("page", () -> expenses.page(Query.all().limit(2)));
        calls.put("count", expenses::count);
        calls.put("read", () -> expenses.read(Repository::findAll));
        calls.put("stream", () -> {
            try (Stream<Expense> all = expenses.stream(Query.all())) {
                return all.count();
            }
        });
        calls.put("create", () -> create(storage, "create"));
        calls.put("save", () -> notes.save(new Note("a", "saved")));
        calls.put("saveAll", () -> notes.saveAll(List.of(new Note("b", "1"), new Note("c", "2"))));
        calls.put("update", () -> notes.update("a", note -> new Note("a", note.text() + "!")));
        calls.put("delete", () -> notes.delete("z"));
        calls.put("deleteAll", () -> notes.deleteAll(List.of("y", "x")));
        calls.put(
                "inUnitOfWork",
                () -> storage.inUnitOfWork(work -> {
                    work.on(NOTES).save(new Note("d", "together"));
                    return work.on(EXPENSES).create(marked("together"));
                }));
        calls.put("status", storage::status);
        calls.put("parked", () -> storage.parked(EXPENSES));
        calls.put("awaitInSync", () -> storage.awaitInSync(Duration.ofSeconds(1)));
        return calls;
    }

    /** A hundred calls that each waited for the mirror, or for the database, would take minutes. */
    private void theNextOnesCostNothing(SwitchoverStorage storage, ExecutorService callers) throws Exception {
        if (!fault.away()) {
            return;
        }
        if (phase.databasePhase()) {
            await().atMost(RECOVERY).until(() -> storage.status().databaseAwaySince() != null);
        }
        Future<?> hundred = callers.submit(() -> {
            for (int i = 0; i < 100; i++) {
                create(storage, "during the outage " + i);
                storage.repository(NOTES).read(Repository::findAll);
                storage.status();
            }
        });
        within(ANY_CALL, "a hundred calls", hundred);
        assertThat(refused.isEmpty()).isEqualTo(!phase.databasePhase());
    }

    private void everythingRecovers(SwitchoverStorage storage) {
        await().atMost(RECOVERY)
                .ignoreExceptionsInstanceOf(StorageException.class)
                .untilAsserted(() -> {
                    assertThat(storage.repository(EXPENSES)
                                    .read(Repository::count)
                                    .stale())
                            .isFalse();
                    storage.repository(NOTES).save(new Note("recovered", "yes"));
                    assertThat(storage.status().databaseAwaySince()).isNull();
                });
        assertThat(storage.awaitInSync(RECOVERY)).isTrue();
        nothingIsLostOrMadeUp(storage);
    }

    private @Nullable SwitchoverStorage opensOrIsRefused(ServiceUnderTest service) {
        try {
            service.open(phase).close();
            assertThat(fault.away() && phase.databasePhase())
                    .as("serves without its database")
                    .isFalse();
        } catch (StorageException e) {
            assertThat(e).isInstanceOf(StartRefusedException.class).hasMessageContaining("DATABASE-UNREACHABLE");
            assertThat(phase.databasePhase()).isTrue();
        }
        return null;
    }

    /** A server that was killed needs its time. */
    private SwitchoverStorage openAgain(ServiceUnderTest service) {
        return await().atMost(RECOVERY)
                .ignoreExceptionsInstanceOf(StartRefusedException.class)
                .until(() -> service.open(phase), opened -> true);
    }

    /** @return what became of it, for whom it concerns */
    private String create(SwitchoverStorage storage, String mark) {
        try {
            storage.repository(EXPENSES).create(marked(mark));
            acknowledged.add(mark);
            return "acknowledged";
        } catch (UnknownOutcomeException e) {
            return "unknown";
        } catch (StorageException e) {
            refused.add(mark);
            return "refused";
        }
    }

    private void nothingIsLostOrMadeUp(SwitchoverStorage storage) {
        List<String> stored = storage.repository(EXPENSES).findAll().stream()
                .map(Expense::category)
                .toList();
        assertThat(stored).as("acknowledged").containsAll(acknowledged);
        assertThat(stored).as("refused").noneMatch(refused::contains);
        assertThatCode(() -> storage.repository(EXPENSES).update(1L, expense -> expense.with(BigDecimal.TEN)))
                .doesNotThrowAnyException();
    }

    private static Expense marked(String mark) {
        return new Expense(null, LocalDate.of(2026, 1, 5), mark, expense("1").amount(), null);
    }

    private static <R> @Nullable R within(Duration atMost, String what, Future<R> call) throws Exception {
        try {
            return call.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(what + " did not end within " + atMost, e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AssertionError failed) {
                throw failed;
            }
            throw new AssertionError(what + " failed", e.getCause());
        }
    }
}
