package dev.switchover.dualwrite.simulation;

import dev.switchover.dualwrite.flags.MirrorMode;
import dev.switchover.dualwrite.flags.SwitchoverSettings;
import dev.switchover.dualwrite.mirror.MirrorSettings;
import java.util.SplittableRandom;

/** What kind of run a seed gives: how much goes on, and which mishaps there are. */
final class Plan {

    final int collections;
    final int clients;
    final int operations;
    final int ids;
    final long thinking;
    final int actions;
    final boolean files;
    final boolean outages;
    final boolean losses;
    final boolean jsonErrors;
    final boolean lockLoss;
    final boolean parking;
    final boolean restore;
    final boolean force;
    final boolean tamper;
    final boolean timeline;
    final boolean takeOver;
    final boolean serverKills;

    private final boolean smallBatches;
    private final boolean asynchronous;

    Plan(SplittableRandom random) {
        collections = 1 + random.nextInt(2);
        clients = 1 + random.nextInt(3);
        operations = 4 + random.nextInt(16);
        ids = 2 + random.nextInt(3);
        thinking = (long) (Scheduler.MILLISECOND * Math.pow(10, 3.3 * random.nextDouble()));
        actions = 3 + random.nextInt(12);
        files = random.nextInt(3) == 0;
        outages = random.nextInt(2) == 0;
        losses = random.nextInt(2) == 0;
        jsonErrors = random.nextInt(5) == 0;
        lockLoss = random.nextInt(10) == 0;
        parking = random.nextInt(5) == 0;
        restore = random.nextInt(7) == 0;
        force = random.nextInt(6) == 0;
        tamper = random.nextInt(10) == 0;
        timeline = random.nextInt(10) == 0;
        takeOver = random.nextInt(3) == 0;
        smallBatches = random.nextInt(3) == 0;
        asynchronous = random.nextInt(4) == 0;
        serverKills = random.nextInt(3) == 0;
    }

    /**
     * Whether the stores may come apart in a way that only an operator can settle: a mirror that somebody edits, while the database
     * fails over, has records the database may have lost.
     */
    boolean mayNeedAnOperator() {
        return restore || force || (tamper && timeline);
    }

    MirrorSettings mirrorSettings(SwitchoverSettings settings) {
        MirrorSettings normal = MirrorSettings.DEFAULTS
                .withMode(asynchronous ? MirrorMode.ASYNC : MirrorMode.SYNC)
                .withTimeout(settings.mirrorTimeout())
                .withDeadlines(settings.switchTimeout(), settings.closeTimeout());
        return !smallBatches
                ? normal
                : new MirrorSettings(
                        normal.mode(),
                        normal.timeout(),
                        2,
                        normal.batchBytes(),
                        0,
                        normal.maxBackOff(),
                        normal.pollInterval(),
                        normal.acknowledgeDelay(),
                        normal.noteInterval(),
                        normal.lease(),
                        normal.quiesceDeadline(),
                        normal.closeTimeout());
    }
}
