package dev.switchover.dualwrite.switchover;

import static dev.switchover.dualwrite.switchover.World.THINGS;
import static dev.switchover.dualwrite.switchover.World.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.dualwrite.testing.Faults;
import dev.switchover.storage.FencedException;
import dev.switchover.storage.Phase;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An instance that has served, and serves again what others may have changed meanwhile. */
class KeptAuthorityTest {

    private static World led(Phase phase) {
        World world = new World();
        World.Process process = world.process();
        process.serve(Phase.JSON_ONLY);
        process.put(Phase.JSON_ONLY, 1, "one");
        world.process().serve(phase);
        return world;
    }

    private static Started serveAgain(World.Process process, Phase phase) {
        return process.start().keepingTheAuthority().start(THINGS, phase);
    }

    private static LedgerEntry entry(World world, Store store) {
        return world.entry(store).orElseThrow();
    }

    /** The history has every change of an entry. */
    private static String histories(World world) {
        return world.json.open(THINGS).history(THINGS).toString()
                + world.database.open(THINGS).history(THINGS);
    }

    private static void assertNothingIsDone(World world, World.Process process, Phase wanted) {
        String before = histories(world);
        assertThatThrownBy(() -> serveAgain(process, wanted))
                .isInstanceOf(FencedException.class)
                .hasMessageContaining("restart this instance");
        assertThat(histories(world)).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(Phase.class)
    void theAuthorityServesInEachOfItsPhases(Phase phase) {
        World world = led(phase);
        assertThat(serveAgain(world.process(), phase)).isInstanceOf(Started.Serving.class);
        assertThat(serveAgain(world.process(), Phase.of(phase.databasePhase(), !phase.mirrored())))
                .isInstanceOf(Started.Serving.class);
        world.assertOneAuthority(phase);
        world.assertNothingLost(phase);
    }

    @ParameterizedTest
    @EnumSource(Phase.class)
    void anotherAuthorityStaysIt(Phase phase) {
        World world = led(phase);
        assertNothingIsDone(world, world.process(), Phase.of(!phase.databasePhase(), true));
        assertNothingIsDone(world, world.process(), Phase.of(!phase.databasePhase(), false));
    }

    @Test
    void whatTheOperatorAllowedTheFirstStartIsNotDoneAgain() {
        World world = led(Phase.JSON_PRIMARY);
        World.Process apart = new World().process();
        apart.serve(Phase.DB_ONLY);
        World.Process process = world.process(settings("ADOPT", "json"));
        GuardedStart start = process.start(new Attached.Open(process.jsonStore), new Attached.Open(apart.databaseStore))
                .keepingTheAuthority();
        assertThatThrownBy(() -> start.start(THINGS, Phase.JSON_PRIMARY))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("LINEAGE-DIFFERS");
    }

    @Test
    void withoutADatabaseThatAnswersOnlyALedgerThatLeadsDecides() {
        World world = led(Phase.JSON_PRIMARY);
        try (Faults.Fault away = world.database.faults().unreachable()) {
            assertThat(serveAgain(world.process(), Phase.JSON_PRIMARY)).isInstanceOf(Started.Serving.class);
        }
        world.process().serve(Phase.DB_ONLY);
        try (Faults.Fault away = world.database.faults().unreachable()) {
            assertThatThrownBy(() -> serveAgain(world.process(), Phase.JSON_PRIMARY))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("nobody knows who leads");
        }
        assertThatThrownBy(() -> serveAgain(world.process(), Phase.JSON_PRIMARY))
                .isInstanceOf(FencedException.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"DB_PRIMARY", "DB_ONLY"})
    void aChangeThatDiedAnywhereIsPutBackOnlyWhileTheOldAuthorityWasNotSucceeded(Phase next) {
        boolean died = true;
        int putBack = 0;
        for (int n = 1; died; n++) {
            World world = led(Phase.JSON_PRIMARY);
            World.Process newcomer = world.process();
            died = serveAndDie(world, newcomer, next, n);
            if (entry(world, Store.POSTGRESQL).state() == State.ACTIVE) {
                assertNothingIsDone(world, world.process(), Phase.JSON_PRIMARY);
            } else {
                putBack++;
                serveAgain(world.process(), Phase.JSON_PRIMARY);
                world.assertOneAuthority(Phase.JSON_PRIMARY);
                world.assertNothingLost(Phase.JSON_PRIMARY);
            }
        }
        assertThat(putBack).isPositive();
    }

    private static boolean serveAndDie(World world, World.Process newcomer, Phase next, int n) {
        try (World.At death = world.new At(n, call -> newcomer.die())) {
            try {
                newcomer.serve(next);
            } catch (StartRefusedException e) {
                assertThat(death.reached()).as("%s", e.getMessage()).isTrue();
            }
            return death.reached();
        }
    }
}
