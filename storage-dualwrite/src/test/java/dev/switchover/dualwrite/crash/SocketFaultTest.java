package dev.switchover.dualwrite.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.dualwrite.crash.Worlds.Entry;
import dev.switchover.dualwrite.crash.Worlds.Note;
import dev.switchover.dualwrite.testing.TcpProxy;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.UnknownOutcomeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The connection to the database breaks at the n-th time bytes pass, once or from then on, while a service opens, writes, closes,
 * opens in another phase and writes again. What was acknowledged is there afterwards, and the stores become equal.
 */
class SocketFaultTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void aConnectionThatBreaksLosesNothing() throws Exception {
        breakAtEvery(97, Phase.DB_PRIMARY, Phase.JSON_PRIMARY, true);
    }

    /** {@code -Dswitchover.socket.stride} leaves some out. */
    @ParameterizedTest
    @CsvSource({
        "JSON_PRIMARY,DB_PRIMARY,true", "JSON_PRIMARY,DB_PRIMARY,false",
        "DB_PRIMARY,JSON_PRIMARY,true", "DB_PRIMARY,JSON_PRIMARY,false",
        "DB_ONLY,JSON_ONLY,true", "JSON_ONLY,DB_ONLY,false"
    })
    @Tag("slow")
    void aConnectionThatBreaksAnywhereLosesNothing(Phase from, Phase to, boolean once) throws Exception {
        int tried = breakAtEvery(Integer.getInteger("switchover.socket.stride", 1), from, to, once);
        System.out.println(
                "connection broken at " + tried + " moments, " + from + " to " + to + (once ? ", once" : ""));
    }

    private int breakAtEvery(int stride, Phase from, Phase to, boolean once) throws IOException {
        int tried = 0;
        boolean reached = true;
        for (int n = 1; reached; n += stride) {
            try (TestDatabase database = TestDatabase.create()) {
                reached = breakAt(n, database, Files.createDirectory(directory.resolve("n" + n)), from, to, once);
                tried++;
            }
        }
        return tried;
    }

    private boolean breakAt(int n, TestDatabase database, Path home, Phase from, Phase to, boolean once)
            throws IOException {
        Judge judge = new Judge(from + " to " + to + ", broken at " + n, 0);
        // Tables are made beforehand: thousands of bytes that would be looked at again and again.
        Worlds.open(home, database.url(), from).close();
        AtomicInteger passed = new AtomicInteger();
        try (TcpProxy proxy = TcpProxy.before(database)) {
            String through = proxy.url();
            proxy.beforePassing(() -> {
                if (passed.incrementAndGet() == n) {
                    proxy.cut();
                    if (once) {
                        proxy.mend();
                    }
                }
            });
            live(home, through, from, judge, "1");
            live(home, through, to, judge, "2");
        }
        judge.killed();
        try (SwitchoverStorage storage = Worlds.open(home, database.url(), to)) {
            look(storage, judge);
            assertThat(storage.awaitInSync(LONG)).isTrue();
        }
        if (to.mirrored()) {
            StoresCompared.assertEqual(home, database.url(), from + " to " + to + ", broken at " + n);
        }
        return passed.get() >= n;
    }

    private static void live(Path home, String url, Phase phase, Judge judge, String life) {
        try (SwitchoverStorage storage = Worlds.open(home, url, phase)) {
            look(storage, judge);
            new Life(storage, judge, life).run();
            storage.awaitInSync(Duration.ofMillis(200));
        } catch (StorageException refused) {
            // A start that meets a broken connection may be refused; the one that follows may not lose anything.
            judge.killed();
        }
    }

    private static void look(SwitchoverStorage storage, Judge judge) {
        List<String[]> found = new ArrayList<>();
        storage.repository(Worlds.ENTRIES)
                .findAll()
                .forEach(entry -> found.add(new String[] {"e." + entry.name(), entry.text(), "" + entry.id()}));
        storage.repository(Worlds.NOTES)
                .findAll()
                .forEach(note -> found.add(new String[] {"n." + note.id(), note.text(), null}));
        found.forEach(record -> judge.foundAgain(record[0], record[1], record[2]));
        judge.serving(0, "now");
    }

    /** One of each kind of write. */
    private record Life(SwitchoverStorage storage, Judge judge, String name) {

        void run() {
            attempt(1, () -> create("a"), "e.a" + name + "=a" + name);
            attempt(2, () -> note("b", name), "n.b=" + name);
            attempt(
                    3,
                    () -> storage.repository(Worlds.NOTES)
                            .saveAll(List.of(new Note("c", name), new Note("d", name), new Note("e", name))),
                    "n.c=" + name,
                    "n.d=" + name,
                    "n.e=" + name);
            attempt(
                    4,
                    () -> storage.inUnitOfWork(unit -> {
                        unit.on(Worlds.NOTES).save(new Note("f", name));
                        unit.on(Worlds.NOTES).delete("b");
                        return unit.on(Worlds.ENTRIES).create(new Entry(null, "g" + name, name));
                    }),
                    "n.f=" + name,
                    "n.b=-",
                    "e.g" + name + "=" + name);
            attempt(5, () -> storage.repository(Worlds.NOTES).delete("c"), "n.c=-");
            attempt(
                    6,
                    () -> {
                        Note changed = new Note("d", name + "!");
                        if (storage.repository(Worlds.NOTES)
                                .update("d", note -> changed)
                                .isEmpty()) {
                            storage.repository(Worlds.NOTES).save(changed);
                        }
                    },
                    "n.d=" + name + "!");
        }

        private Entry create(String what) {
            return storage.repository(Worlds.ENTRIES).create(new Entry(null, what + name, what + name));
        }

        private void note(String id, String text) {
            storage.repository(Worlds.NOTES).save(new Note(id, text));
        }

        private void attempt(int n, Runnable write, String... effects) {
            judge.intent("t", "" + n, effects);
            try {
                write.run();
                judge.acknowledged("t");
            } catch (UnknownOutcomeException unknown) {
                judge.unknown("t");
            } catch (StorageException refused) {
                judge.refused("t");
            }
        }
    }
}
