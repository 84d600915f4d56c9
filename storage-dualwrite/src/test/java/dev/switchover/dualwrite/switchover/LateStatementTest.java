package dev.switchover.dualwrite.switchover;

import static dev.switchover.dualwrite.switchover.World.THINGS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.dualwrite.testing.MemoryDisk;
import dev.switchover.dualwrite.testing.MemoryStore;
import dev.switchover.storage.FencedException;
import dev.switchover.storage.Phase;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.State;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A ledger statement that outlives its client and reaches PostgreSQL at any moment of the next start. */
class LateStatementTest {

    private static final int NO_SUCH_STATEMENT = 15;

    static Stream<Arguments> flips() {
        return Stream.of(Phase.JSON_ONLY, Phase.JSON_PRIMARY, Phase.DB_PRIMARY, Phase.DB_ONLY)
                .flatMap(before -> Stream.of(Phase.JSON_ONLY, Phase.DB_PRIMARY, Phase.DB_ONLY)
                        .flatMap(first -> Stream.of(Phase.JSON_PRIMARY, Phase.DB_ONLY)
                                .map(second -> Arguments.of(before, first, second))));
    }

    @ParameterizedTest
    @MethodSource("flips")
    void aStatementOfADeadStartNeverMakesTwoAuthorities(Phase before, Phase first, Phase second) {
        int interleavings = 0;
        for (int k = 1; k < NO_SUCH_STATEMENT; k++) {
            for (int moment = 1; ; moment++) {
                World world = new World();
                CrashTest.served(world, before);
                LateStatement late = die(world, first, k);
                if (!late.sent()) {
                    break;
                }
                interleavings++;
                boolean reached = startWhileItArrives(world, second, late, moment);
                for (Phase next : List.of(Phase.JSON_ONLY, Phase.DB_PRIMARY, Phase.JSON_PRIMARY)) {
                    serve(world, next, "statement " + k + " arrived at " + moment + " of " + second);
                }
                if (!reached) {
                    break;
                }
            }
        }
        if (before.primary() != first.primary()) {
            assertThat(interleavings).isGreaterThan(40);
        }
    }

    /** An activation of the start that died counts for nothing once another one finishes what it began. */
    @Test
    void whatAnotherStartFinishesHasAnEpochOfItsOwn() {
        int finished = 0;
        boolean more = true;
        for (int k = 1; more; k++) {
            World world = new World();
            CrashTest.served(world, Phase.JSON_PRIMARY);
            more = die(world, Phase.DB_PRIMARY, k).sent();
            LedgerEntry json = entry(world.json);
            if (json.state() == State.SEALED) {
                world.process().serve(Phase.DB_PRIMARY);
                assertThat(entry(world.database).epoch()).as("statement %d", k).isGreaterThan(json.epoch());
                finished++;
            }
        }
        assertThat(finished).isPositive();
    }

    private static LedgerEntry entry(MemoryDisk disk) {
        return disk.open(THINGS).ledger().read(THINGS).orElseThrow();
    }

    private static LateStatement die(World world, Phase phase, int k) {
        World.Process process = world.process();
        MemoryStore server = world.database.open(THINGS);
        LateStatement late = new LateStatement(process.databaseStore, server, k, process::die);
        GuardedStart start = process.start(new Attached.Open(process.jsonStore), new Attached.Open(late.broken()));
        try {
            start.start(THINGS, phase);
        } catch (StartRefusedException e) {
            assertThat(late.sent()).as("%s", e.getMessage()).isTrue();
        }
        return late;
    }

    /** Whether the start came as far as that moment. Afterwards it writes; what is acknowledged has to be found later. */
    private static boolean startWhileItArrives(World world, Phase phase, LateStatement late, int moment) {
        World.Process process = world.process();
        boolean serves = false;
        boolean reached;
        try (World.At at = world.new At(moment, call -> late.arrive())) {
            try {
                process.serve(phase);
                serves = true;
            } catch (StartRefusedException e) {
                assertThat(e.code()).isIn("NO-PROGRESS", "PREPARE-FAILED", "SWITCHOVER-FAILED");
            }
            reached = at.reached();
        }
        if (!reached) {
            late.arrive();
        }
        if (serves) {
            try {
                process.put(phase, 600, "acknowledged by the second");
            } catch (FencedException e) {
                // It was sealed behind its back: it may refuse, not lose.
                return reached;
            }
        }
        return reached;
    }

    private static void serve(World world, Phase phase, String what) {
        World.Process process = world.process();
        try {
            process.serve(phase);
            world.assertNothingLost(phase);
            world.assertOneAuthority(phase);
            process.put(phase, 700, "in " + phase);
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(
                    what + ", then " + phase + "; JSON "
                            + world.json.open(THINGS).history(THINGS) + ", PostgreSQL "
                            + world.database.open(THINGS).history(THINGS),
                    e);
        }
    }
}
