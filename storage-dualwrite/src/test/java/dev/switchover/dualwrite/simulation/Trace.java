package dev.switchover.dualwrite.simulation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happened last, and a hash of everything that happened. */
final class Trace {

    private record Event(
            long time, String actor, String what, @Nullable Object detail) {
        @Override
        public String toString() {
            return String.format("%10.3f ms  %-28s %-8s %s", time / 1e6, actor, what, detail == null ? "" : detail);
        }
    }

    private final Event[] last;
    private long count;
    private long hash;

    Trace(int kept) {
        this.last = new Event[kept];
    }

    void add(long time, Actor actor, String what, @Nullable Object detail) {
        hash = (hash * 31 + what.hashCode()) * 31 + actor.number;
        hash = hash * 31 + time;
        last[(int) (count++ % last.length)] = new Event(time, actor.name, what, detail);
    }

    /** The same for two runs that went the same way, in whatever virtual machine. */
    long hash() {
        return hash;
    }

    List<String> tail() {
        List<String> lines = new ArrayList<>();
        for (long i = Math.max(0, count - last.length); i < count; i++) {
            lines.add(last[(int) (i % last.length)].toString());
        }
        return lines;
    }
}
