package dev.switchover.examples.benchmarks;

import dev.switchover.examples.benchmarks.harness.Alternative;
import dev.switchover.examples.benchmarks.ours.JsonAlone;
import dev.switchover.examples.benchmarks.stage.Entry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Checkpoints of one store, each beginning when the last one has ended, for as long as a slot lasts. Thread-safe. */
final class BackToBack implements Alternative.Beside {

    private final JsonAlone store;
    private final Entry changed;
    private final List<Double> seconds = Collections.synchronizedList(new ArrayList<>());

    /** @param changed saved before each checkpoint: without a change there is nothing to write */
    BackToBack(JsonAlone store, Entry changed) {
        this.store = store;
        this.changed = changed;
    }

    /** How long each one took, which has ended. */
    List<Double> seconds() {
        synchronized (seconds) {
            return List.copyOf(seconds);
        }
    }

    @Override
    public Alternative.UnderWay begin() {
        return new Loop();
    }

    private final class Loop implements Alternative.UnderWay {

        private final CompletableFuture<Void> ended = new CompletableFuture<>();
        private volatile boolean enough;

        Loop() {
            Thread thread = new Thread(this::run, "benchmark-checkpoints");
            thread.setDaemon(true);
            thread.start();
        }

        private void run() {
            try {
                do {
                    store.save(changed);
                    long begin = System.nanoTime();
                    store.checkpoint();
                    seconds.add((System.nanoTime() - begin) / 1e9);
                } while (!enough);
                ended.complete(null);
            } catch (RuntimeException | Error e) {
                ended.completeExceptionally(e);
            }
        }

        @Override
        public void close() {
            enough = true;
            try {
                ended.join();
            } catch (CompletionException e) {
                throw new IllegalStateException("A checkpoint failed", e.getCause());
            }
        }
    }
}
