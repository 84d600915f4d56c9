package dev.switchover.dualwrite.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.dualwrite.Operator;
import dev.switchover.dualwrite.backup.BackupCheck;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

/** Lives of one service: each ends by a kill, and now and then one is calm, so that both stores can be compared. */
final class CrashLoop implements AutoCloseable {

    private static final int KEPT = 300;
    private static final int CALM_EVERY = 20;
    private static final int TELL_EVERY = 50;

    private final Path home;
    private final Path log;
    private final CrashProcess.Image image;
    private final Random random;
    private final Map<String, Judge> judges = new HashMap<>();
    private final Map<String, TestDatabase> databases = new HashMap<>();
    private final Map<String, Phase> phases = new HashMap<>();
    private final BackendKiller backends;
    /** How long a child takes from its start until every world serves. */
    private long openingMillis = 2_000;

    private int life;
    private int backups;
    private int kills;
    private int killsWhileOpening;

    CrashLoop(Path directory, long seed) throws IOException {
        this.random = new Random(seed);
        this.log = directory.resolve("children.log");
        this.image = CrashProcess.Image.in(directory);
        this.home = Files.createDirectory(directory.resolve("worlds"));
        for (String world : Worlds.NAMES) {
            judges.put(world, new Judge(world, KEPT));
            Path folder = Files.createDirectory(home.resolve(world));
            Files.writeString(folder.resolve("notes.json"), keptNotes());
            if (!world.equals("JSON_ONLY")) {
                databases.put(world, TestDatabase.durable());
            }
        }
        this.backends = new BackendKiller(List.copyOf(databases.values()));
    }

    private static String keptNotes() {
        List<String> notes = new ArrayList<>();
        for (int i = 0; i < KEPT; i++) {
            notes.add("{\"id\":\"kept" + i + "\",\"text\":\"nobody touches this one\"}");
        }
        return "[" + String.join(",\n", notes) + "]";
    }

    /** Kills so many times. */
    void run(int wanted) throws IOException, InterruptedException {
        calmLife();
        while (kills < wanted) {
            killedLife();
            if (kills % CALM_EVERY == 0) {
                calmLife();
            }
            if (kills % TELL_EVERY == 0) {
                System.out.println("so far " + report());
            }
        }
        calmLife();
    }

    private List<String> arguments(String manner) {
        List<String> arguments = new ArrayList<>(
                List.of(home.toString(), String.valueOf(random.nextInt()), String.valueOf(++life), manner));
        for (String world : Worlds.NAMES) {
            TestDatabase database = databases.get(world);
            arguments.add(database == null ? "-" : database.url());
        }
        return arguments;
    }

    private void killedLife() throws IOException, InterruptedException {
        boolean early = random.nextInt(4) == 0;
        // Counted in one world: JSON alone is so much faster than the others that it would be hit late and they early.
        String counted = "ACK " + Worlds.NAMES.get(random.nextInt(Worlds.NAMES.size())) + " ";
        int after = random.nextInt(60);
        long moment = random.nextInt(early ? (int) (openingMillis + openingMillis / 4 + 1) : 10);
        boolean alsoBackend = !early && random.nextInt(10) == 0;
        CountDownLatch reached = new CountDownLatch(early ? 0 : 1);
        try (CrashProcess child = CrashProcess.start(image, log, CrashChild.class, arguments("writing"))) {
            Thread killer = new Thread(() -> {
                try {
                    reached.await();
                    if (alsoBackend) {
                        backends.killOne(random.nextInt(100));
                        child.await(300);
                    }
                    child.await(moment);
                    child.kill();
                } catch (InterruptedException end) {
                    Thread.currentThread().interrupt();
                }
            });
            killer.start();
            int acknowledged = 0;
            int serving = 0;
            for (String line = child.line(); line != null; line = child.line()) {
                note(line);
                serving += line.startsWith("SERVING") ? 1 : 0;
                acknowledged += line.startsWith(counted) ? 1 : 0;
                if (acknowledged >= after && serving == Worlds.NAMES.size()) {
                    reached.countDown();
                }
            }
            killer.interrupt();
            killer.join();
            assertThat(child.exitCode()).as("ended by the kill, see %s", log).isEqualTo(137);
            kills++;
            killsWhileOpening += serving < Worlds.NAMES.size() ? 1 : 0;
        }
        judges.values().forEach(Judge::killed);
        if (alsoBackend) {
            backends.awaitRecovered();
        }
    }

    private void calmLife() throws IOException, InterruptedException {
        long start = System.nanoTime();
        try (CrashProcess child = CrashProcess.start(image, log, CrashChild.class, arguments("calm"))) {
            for (String line = child.line(); line != null; line = child.line()) {
                note(line);
                if (line.startsWith("SERVING")) {
                    openingMillis = (System.nanoTime() - start) / 1_000_000;
                }
            }
            assertThat(child.exitCode()).as("a calm life, see %s", log).isZero();
        }
        databases.forEach((world, database) -> {
            Phase phase = phases.get(world);
            if (phase != null && phase.mirrored()) {
                StoresCompared.assertEqual(home.resolve(world), database.url(), world + ", life " + life);
            }
        });
        checkBackups();
    }

    /** The guard has made one before each change of authority, and the kill may have hit it: what has its name has to be whole. */
    private void checkBackups() throws IOException {
        for (String world : Worlds.NAMES) {
            TestDatabase database = databases.get(world);
            try (Operator operator = Worlds.operator(home.resolve(world), database == null ? "" : database.url())) {
                for (BackupCheck check : operator.backups().verifyAll()) {
                    assertThat(check.problems())
                            .as("%s in %s, life %d", check.name(), world, life)
                            .isEmpty();
                    assertThat(check.name()).contains("before-switchover");
                    Files.delete(Path.of(check.path()));
                    backups++;
                }
            }
        }
    }

    private void note(String line) {
        String[] words = line.split(" ");
        Judge judge = words.length > 1 ? judges.get(words[1]) : null;
        if (judge == null) {
            return;
        }
        switch (words[0]) {
            case "OPENING" -> phases.put(words[1], Phase.valueOf(words[2]));
            case "FOUND" -> judge.found(words[2], words[3], words[4], words[5].equals("-") ? null : words[5]);
            case "SERVING" -> judge.serving(Integer.parseInt(words[2]), "" + life);
            case "INTENT" -> judge.intent(words[2], words[3], Arrays.copyOfRange(words, 4, words.length));
            case "ACK" -> judge.acknowledged(words[2]);
            case "UNKNOWN" -> judge.unknown(words[2]);
            case "NOT" -> judge.refused(words[2]);
            case "ID" -> judge.id(words[2], words[3]);
            case "NOTHING" -> {
                // It was to be refused, and was, for another reason.
            }
            case "CALM" -> assertThat(words[3]).as("%s is in sync", words[1]).isEqualTo("true");
            default -> throw new AssertionError("life " + life + ": " + line);
        }
    }

    /** What was really seen. */
    String report() {
        StringBuilder report = new StringBuilder(kills + " kills (" + killsWhileOpening + " of them while opening), "
                + backends.kills() + " database backends killed, " + life + " starts, " + backups
                + " backups before a switchover");
        for (String world : Worlds.NAMES) {
            Judge judge = judges.get(world);
            report.append("\n  ")
                    .append(world)
                    .append(": ")
                    .append(judge.acknowledged())
                    .append(" acknowledged, ")
                    .append(judge.refused())
                    .append(" not written, ")
                    .append(judge.unknown())
                    .append(" open at a kill");
        }
        return report.toString();
    }

    @Override
    public void close() {
        backends.awaitRecovered();
        databases.values().forEach(TestDatabase::close);
    }
}
