package dev.switchover.dualwrite.switchover;

import static dev.switchover.dualwrite.switchover.World.THINGS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.storage.Phase;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.StorageException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A start that dies before or after any call it makes; then another, in either direction, that may die too. */
class CrashTest {

    /** What was there before, by name, so that a failing test tells. */
    private record Before(String name, Consumer<World> make) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final List<Before> BEFORE = List.of(
            new Before("files, never started", world -> {
                world.existing(world.json, 1, "one");
                world.existing(world.json, 2, "two");
                world.acknowledged.put("1", "one");
                world.acknowledged.put("2", "two");
            }),
            new Before("nothing at all", world -> {}),
            new Before("JSON is the authority", world -> served(world, Phase.JSON_ONLY)),
            new Before("JSON is mirrored", world -> served(world, Phase.JSON_PRIMARY)),
            new Before("PostgreSQL is the authority", world -> served(world, Phase.JSON_ONLY, Phase.DB_ONLY)),
            new Before("PostgreSQL is mirrored", world -> served(world, Phase.JSON_PRIMARY, Phase.DB_PRIMARY)));

    static void served(World world, Phase... phases) {
        for (int i = 0; i < phases.length; i++) {
            World.Process process = world.process();
            process.serve(phases[i]);
            process.put(phases[i], 1, "one in " + i);
            process.put(phases[i], 10 + i, "more in " + i);
            process.delete(phases[i], 10 + i - 1);
        }
    }

    static Stream<Arguments> flips() {
        return BEFORE.stream().flatMap(before -> Stream.of(Phase.values()).map(phase -> Arguments.of(before, phase)));
    }

    static Stream<Arguments> someFlips() {
        return flips().filter(flip -> flip.get()[1] == Phase.DB_ONLY || flip.get()[1] == Phase.JSON_PRIMARY);
    }

    @ParameterizedTest
    @MethodSource("flips")
    void afterACrashAnywhereEitherDirectionServesEverything(Before before, Phase first) {
        boolean crashed = true;
        for (int n = 1; crashed; n++) {
            // Both directions at each call, all four phases at any two of them.
            for (Phase second : n % 2 == 0
                    ? List.of(Phase.JSON_ONLY, Phase.DB_PRIMARY)
                    : List.of(Phase.JSON_PRIMARY, Phase.DB_ONLY)) {
                World world = new World();
                before.make().accept(world);
                World.Process old = lastProcess(world, before);
                crashed = startAndCrash(world, first, n);
                assertServes(world, second, "crash at " + n);
                assertFencedIfSucceeded(world, old, second);
                assertServes(world, second.databasePhase() ? Phase.JSON_ONLY : Phase.DB_PRIMARY, "crash at " + n);
            }
        }
    }

    /** The shortest way to two sealed stores, if an authority that was not confirmed were sealed again. */
    @Test
    void crashingOnTheWayThereAndOnTheWayBackLosesNothing() {
        twoCrashes(
                new Before("JSON is the authority", world -> served(world, Phase.JSON_ONLY)),
                Phase.DB_ONLY,
                List.of(Phase.JSON_ONLY));
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("someFlips")
    void twoCrashesInARowLoseNothing(Before before, Phase first) {
        twoCrashes(before, first, List.of(Phase.JSON_ONLY, Phase.DB_PRIMARY));
    }

    private void twoCrashes(Before before, Phase first, List<Phase> seconds) {
        boolean firstCrashed = true;
        for (int n = 1; firstCrashed; n++) {
            for (Phase second : seconds) {
                boolean secondCrashed = true;
                for (int m = 1; secondCrashed; m++) {
                    for (Phase third : List.of(Phase.JSON_PRIMARY, Phase.DB_ONLY)) {
                        World world = new World();
                        before.make().accept(world);
                        firstCrashed = startAndCrash(world, first, n);
                        secondCrashed = startAndCrash(world, second, m);
                        assertServes(world, third, "crashes at " + n + " and, in " + second + ", at " + m);
                    }
                }
            }
        }
    }

    /** An instance of the phase before that nobody has stopped. */
    private static World.Process lastProcess(World world, Before before) {
        World.Process process = world.process();
        Optional<Phase> authority = authority(world);
        authority.ifPresent(phase -> process.store(phase.primary())
                .serve(THINGS, world.entry(phase.primary()).orElseThrow().epoch()));
        return process;
    }

    private static Optional<Phase> authority(World world) {
        return Stream.of(Phase.JSON_ONLY, Phase.DB_ONLY)
                .filter(phase -> world.entry(phase.primary())
                        .filter(entry -> entry.serves())
                        .isPresent())
                .findFirst();
    }

    private static void assertFencedIfSucceeded(World world, World.Process old, Phase now) {
        Phase other = now.databasePhase() ? Phase.JSON_ONLY : Phase.DB_ONLY;
        try {
            old.put(other, 77, "of an instance left over");
        } catch (StorageException fenced) {
            return;
        }
        throw new AssertionError("a store that is not the authority took a write");
    }

    /** Whether it died before it came to an end. */
    private static boolean startAndCrash(World world, Phase phase, int n) {
        World.Process process = world.process();
        try (World.At crash = world.new At(n, call -> process.die())) {
            try {
                process.serve(phase);
            } catch (StartRefusedException e) {
                assertThat(crash.reached()).as("%s", e.getMessage()).isTrue();
            }
            return crash.reached();
        }
    }

    private static void assertServes(World world, Phase phase, String what) {
        World.Process process = world.process();
        try {
            process.serve(phase);
            world.assertNothingLost(phase);
            world.assertOneAuthority(phase);
            process.put(phase, 500, "written in " + phase);
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(
                    what + ", then " + phase + "; JSON "
                            + world.json.open(THINGS).history(THINGS) + ", PostgreSQL "
                            + world.database.open(THINGS).history(THINGS),
                    e);
        }
    }
}
