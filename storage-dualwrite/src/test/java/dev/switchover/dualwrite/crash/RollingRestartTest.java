package dev.switchover.dualwrite.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import dev.switchover.storage.StartRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three processes on one directory and one database, in neighbouring or opposite phases, started in any order, under load, killed,
 * suspended and resumed. Nothing acknowledged is lost, nothing refused is found, and no record has two histories.
 */
@Tag("slow")
class RollingRestartTest {

    private static final Duration LONG = Duration.ofSeconds(120);

    @TempDir
    Path directory;

    private final RollingJudge judge = new RollingJudge();
    private final Map<String, Integer> events = new TreeMap<>();
    private final List<Throwable> failures = new ArrayList<>();
    private CrashProcess.Image image;
    private Path home;
    private Random random;
    private int names;

    /** {@code -Dswitchover.rolling.rounds} says how often, {@code -Dswitchover.rolling.seed} repeats a run as far as it repeats. */
    @Test
    void anyPhasesSideBySideLoseNothing() throws Exception {
        run(
                Integer.getInteger("switchover.rolling.rounds", 100),
                Long.getLong("switchover.rolling.seed", System.nanoTime()));
    }

    private void run(int rounds, long seed) throws Exception {
        Assumptions.assumeTrue(
                directory.getFileSystem().supportedFileAttributeViews().contains("posix"),
                "SKIPPED: this system has no signals");
        System.out.println("rolling restart, seed " + seed);
        random = new Random(seed);
        image = CrashProcess.Image.in(directory);
        home = Files.createDirectory(directory.resolve("home"));
        try (TestDatabase database = TestDatabase.durable()) {
            for (int round = 0; round < rounds; round++) {
                round(database.url(), round);
            }
        } finally {
            System.out.println("rolling restart: " + rounds + " rounds, " + judge + ", " + events);
        }
    }

    private void round(String url, int round) throws Exception {
        List<Instance> instances = new ArrayList<>();
        try {
            Phase phase = any(Phase.values());
            for (int i = 0; i < 3; i++) {
                instances.add(new Instance(url, phase));
                phase = random.nextInt(3) > 0 ? neighbour(phase) : any(Phase.values());
                if (random.nextInt(3) > 0) {
                    instances.get(i).decided.await(20, TimeUnit.SECONDS);
                }
            }
            for (int mishaps = 2 + random.nextInt(3); mishaps > 0; mishaps--) {
                Instance instance = instances.get(random.nextInt(instances.size()));
                switch (random.nextInt(4)) {
                    case 0 -> {
                        instance.close();
                        count("killed");
                        instances.remove(instance);
                        Instance next = new Instance(url, any(Phase.values()));
                        instances.add(next);
                        next.decided.await(random.nextInt(6_000), TimeUnit.MILLISECONDS);
                    }
                    case 1, 2 -> {
                        instance.process.signal("STOP");
                        count("suspended");
                        instance.process.await(200 + random.nextInt(random.nextInt(4) == 0 ? 15_000 : 4_000));
                        instance.process.signal("CONT");
                    }
                    default -> instance.process.await(500);
                }
                judge.awaitAcknowledged(random.nextInt(300), random.nextInt(6_000));
            }
        } finally {
            for (Instance instance : instances) {
                instance.close();
            }
        }
        assertThat(failures).isEmpty();
        judgeAlone(url, any(Phase.values()), "round " + round);
    }

    /** Once all are gone, a start serves what there is: at once, or when the server has noticed that they are gone. */
    private void judgeAlone(String url, Phase phase, String when) {
        SwitchoverStorage opened = Awaitility.await()
                .atMost(LONG)
                .ignoreExceptionsInstanceOf(StartRefusedException.class)
                .until(() -> RollingChild.open(home, url, phase, false), storage -> true);
        try (SwitchoverStorage storage = opened) {
            judge.judge(storage, when + ", " + phase);
            assertThat(storage.awaitInSync(LONG)).as(when).isTrue();
        }
        if (phase.mirrored()) {
            StoresCompared.assertEqual(home, url, when);
        }
    }

    private Phase neighbour(Phase phase) {
        int step = random.nextBoolean() ? 1 : -1;
        return Phase.values()[Math.min(3, Math.max(0, phase.ordinal() + step))];
    }

    private Phase any(Phase[] phases) {
        return phases[random.nextInt(phases.length)];
    }

    private synchronized void count(String event) {
        events.merge(event, 1, Integer::sum);
    }

    private synchronized void failed(Throwable thrown) {
        failures.add(thrown);
    }

    /** A process, and the thread that hears it out. */
    private final class Instance implements AutoCloseable {

        final CrashProcess process;
        /** It serves, or was refused. */
        final CountDownLatch decided = new CountDownLatch(1);

        private final Thread listener;

        Instance(String url, Phase phase) throws IOException {
            String takesOver = String.valueOf(random.nextInt(4) > 0);
            List<String> arguments = List.of(
                    home.toString(), url, phase.name(), takesOver, "i" + names++, String.valueOf(random.nextLong()));
            process = CrashProcess.start(image, directory.resolve("children.log"), RollingChild.class, arguments);
            listener = new Thread(this::listen);
            listener.start();
        }

        private void listen() {
            try {
                for (String line = process.line(); line != null; line = process.line()) {
                    String[] words = line.split(" ", 3);
                    if (words[0].equals("SERVING")) {
                        decided.countDown();
                        count("serving " + words[1]);
                    } else if (words[0].equals("REFUSED")) {
                        decided.countDown();
                        count("refused " + line.replaceAll("^.*?([A-Z]+(-[A-Z]+)+).*$", "$1"));
                    }
                    judge.note(line);
                }
            } catch (IOException | AssertionError e) {
                failed(e);
            }
        }

        @Override
        public void close() throws InterruptedException {
            process.close();
            listener.join();
        }
    }
}
