package dev.switchover.dualwrite.differential;

import dev.switchover.postgres.testing.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One history played on all subjects, each from nothing. */
final class Match {

    /** The first difference there was. */
    record Difference(String subject, int step, Operation operation, String said, String expected) {

        /** Whose fault it is; all of them if they only differ from each other. */
        Set<String> subjects() {
            return expected.isEmpty() ? Set.of(Subject.JSON, Subject.POSTGRESQL, Subject.FLIPPING) : Set.of(subject);
        }

        boolean like(@Nullable Difference other) {
            return other != null && other.subject.equals(subject) && other.operation.getClass() == operation.getClass();
        }

        @Override
        public String toString() {
            return subject + " at step " + step + ": " + operation + "\n  said     " + said + "\n  expected "
                    + expected;
        }
    }

    private final List<Shape<?, ?>> shapes;
    private final Path root;
    private final Supplier<TestDatabase> databases;
    private final BiFunction<Subject, Subject.Played, Subject.Played> disturbance;

    Match(List<Shape<?, ?>> shapes, Path root) {
        this(shapes, root, TestDatabase::create, (subject, played) -> played);
    }

    /** @param disturbance changes answers, to see that it would be noticed */
    Match(
            List<Shape<?, ?>> shapes,
            Path root,
            Supplier<TestDatabase> databases,
            BiFunction<Subject, Subject.Played, Subject.Played> disturbance) {
        this.shapes = shapes;
        this.root = root;
        this.databases = databases;
        this.disturbance = disturbance;
    }

    /** @return null if all agreed to the end */
    @Nullable
    Difference play(List<Operation> history) {
        return play(history, Set.of(Subject.JSON, Subject.POSTGRESQL, Subject.FLIPPING));
    }

    /** With these subjects only: a difference from the model needs no others. */
    @Nullable
    Difference play(List<Operation> history, Set<String> names) {
        List<Subject> subjects = new ArrayList<>();
        try (TestDatabase database = databases.get()) {
            if (names.contains(Subject.JSON)) {
                subjects.add(Subject.json(shapes, Files.createTempDirectory(root, "json")));
            }
            if (names.contains(Subject.POSTGRESQL)) {
                subjects.add(Subject.postgres(shapes, database));
            }
            if (names.contains(Subject.FLIPPING)) {
                subjects.add(Subject.flipping(shapes, Files.createTempDirectory(root, "flipping"), database.url()));
            }
            Difference difference = play(history, subjects);
            Difference last = close(subjects, history.size());
            return difference == null ? last : difference;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private @Nullable Difference play(List<Operation> history, List<Subject> subjects) {
        for (int step = 0; step < history.size(); step++) {
            Operation operation = history.get(step);
            Answer before = null;
            for (Subject subject : subjects) {
                Subject.Played played = disturbance.apply(subject, subject.play(operation));
                Answer actual = played.actual();
                Answer expected = played.expected();
                if (!actual.matches(expected)) {
                    return new Difference(subject.name(), step, operation, actual.toString(), expected.toString());
                }
                // A unit of work that phases refused in one of them may have left different records: then the refusals
                // differ.
                if (before != null && before.matches(actual) && !before.reason().equals(actual.reason())) {
                    return new Difference(
                            subject.name(), step, operation, actual.reason() + ", not " + before.reason(), "");
                }
                before = actual.failure() == null ? before : actual;
            }
        }
        return null;
    }

    private static @Nullable Difference close(List<Subject> subjects, int steps) {
        Difference difference = null;
        for (Subject subject : subjects) {
            Answer closed = Answer.from(() -> {
                try {
                    subject.close();
                } catch (AssertionError e) {
                    throw new IllegalStateException(e.getMessage(), e);
                }
                return "";
            });
            if (!closed.succeeded() && difference == null) {
                difference = new Difference(
                        subject.name(), steps, new Operation.Reopen(), closed.toString(), "both are equal");
            }
        }
        return difference;
    }
}
