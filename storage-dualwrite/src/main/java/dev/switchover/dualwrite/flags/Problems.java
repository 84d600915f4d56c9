package dev.switchover.dualwrite.flags;

import dev.switchover.storage.ConfigurationException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Collects what is wrong in the configuration, so that all of it is told at once. Used by one thread. */
public final class Problems {

    private final Set<String> found = new LinkedHashSet<>();

    public void add(String problem) {
        found.add(problem);
    }

    /** Runs a step of reading the configuration; empty if it failed, and its problems are among these. */
    public <R> Optional<R> gather(Supplier<? extends R> step) {
        try {
            return Optional.of(step.get());
        } catch (ConfigurationException e) {
            found.addAll(e.problems());
            return Optional.empty();
        }
    }

    public boolean isEmpty() {
        return found.isEmpty();
    }

    public List<String> asList() {
        return new ArrayList<>(found);
    }

    /** @throws ConfigurationException with every problem, if there is any */
    public void throwIfAny() {
        if (!found.isEmpty()) {
            throw new ConfigurationException(asList());
        }
    }
}
