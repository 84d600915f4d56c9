package dev.switchover.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchover.cli.Scope.Target;
import dev.switchover.dualwrite.Operator;
import dev.switchover.dualwrite.StorageStatus;
import dev.switchover.dualwrite.StorageStatus.CollectionStatus;
import dev.switchover.dualwrite.StorageStatus.LedgerStatus;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.dualwrite.plan.StartPlan;
import dev.switchover.json.DirectoryLockedException;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.Store;
import dev.switchover.storage.spi.Mirroring;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "backfill",
        description = {
            "Brings the mirror up to date and waits until it has everything.",
            "A running service does it by itself; then this waits for it, as before the next flag is flipped. Without a service"
                    + " this takes the directory, carries everything over, and lets go of it. The flags have to choose a phase that"
                    + " mirrors: JSON_PRIMARY or DB_PRIMARY."
        },
        footer = {
            "%nExamples:",
            "  switchover backfill --patience 60 && switchover verify",
            "%nExit code 1 if something is still lacking when the patience ends, or is parked."
        },
        mixinStandardHelpOptions = true)
final class BackfillCommand extends StorageCommand {

    private static final long LOOK_EVERY = Duration.ofMillis(500).toNanos();

    @Mixin
    private PatienceOption patience = new PatienceOption();

    BackfillCommand(Scope scope) {
        super(scope);
    }

    @Override
    Result run(Target target) {
        try (Operator operator = target.builder().operator()) {
            requireMirroring(operator.status());
            requireNoChange(operator.plan());
            boolean held = false;
            boolean done;
            try {
                done = alone(target);
            } catch (DirectoryLockedException e) {
                held = true;
                done = beside(operator);
            } catch (StartRefusedException e) {
                if (!e.code().equals("DIRECTORY-LOCKED")) {
                    throw e;
                }
                held = true;
                done = beside(operator);
            }
            return result(operator.status(), done, held);
        }
    }

    private void requireMirroring(StorageStatus status) {
        if (status.collections().stream().noneMatch(each -> each.phase().mirrored())) {
            throw misunderstood("The flags choose a phase that mirrors nothing; switch DUAL_WRITE_ENABLED on");
        }
    }

    /** A start does that, not a command that is to bring a mirror up to date. */
    private void requireNoChange(StartPlan plan) {
        for (StartPlan.Collection each : plan.collections()) {
            if (each.step() == StartPlan.Step.CHANGE_AUTHORITY || each.step() == StartPlan.Step.FORCE) {
                throw misunderstood(
                        "The flags choose " + each.phase() + " for " + each.name()
                                + ", where another store than now is the authority. Start the service for that; see 'switchover plan'");
            }
        }
    }

    private boolean alone(Target target) {
        try (ProgressDisplay display = new ProgressDisplay(terminal());
                SwitchoverStorage storage = target.builder()
                        .progress(step -> {
                            synchronized (display) {
                                display.of("backfill").at(step);
                            }
                        })
                        .open()) {
            return storage.awaitInSync(patience.duration());
        }
    }

    /** The service's own mirror works; its ledger says when everything has been compared, its marks what is on the way. */
    private boolean beside(Operator operator) {
        long deadline = System.nanoTime() + patience.duration().toNanos();
        try (ProgressDisplay display = new ProgressDisplay(terminal())) {
            while (true) {
                StorageStatus status = operator.status();
                long pending = 0;
                boolean done = true;
                for (CollectionStatus each : status.collections()) {
                    pending += Math.max(0, each.pending());
                    done &= !each.phase().mirrored() || inStep(each);
                }
                display.at("pending", pending, OptionalLong.empty(), -1, done);
                if (done || System.nanoTime() > deadline) {
                    return done;
                }
                LockSupport.parkNanos(LOOK_EVERY);
            }
        }
    }

    private static boolean inStep(CollectionStatus each) {
        @Nullable LedgerStatus authority = each.primary() == Store.JSON ? each.json() : each.postgresql();
        return authority != null && authority.mirroring() == Mirroring.ON && each.pending() == 0;
    }

    private Result result(StorageStatus status, boolean done, boolean held) {
        List<String> lines = new ArrayList<>();
        ObjectNode json = object().put("inSync", done).put("byService", held);
        var collections = json.putArray("collections");
        long parked = 0;
        for (CollectionStatus each : status.collections()) {
            parked += Math.max(0, each.parked());
            lines.add(each.name() + ": " + each.phase() + ", " + each.pending() + " pending, " + each.parked()
                    + " parked");
            if (!done && each.note() != null) {
                lines.add("  " + each.note());
            }
            collections.add(object().put("collection", each.name())
                    .put("phase", each.phase().name())
                    .put("pending", each.pending())
                    .put("parked", each.parked()));
        }
        lines.add(
                done
                        ? "The mirror has everything."
                        : "The mirror lacks something still; run it again to go on waiting.");
        return new Result(done && parked == 0 ? ExitCode.DONE : ExitCode.FOUND, json, lines);
    }
}
