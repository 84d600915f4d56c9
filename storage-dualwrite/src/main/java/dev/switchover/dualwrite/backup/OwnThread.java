package dev.switchover.dualwrite.backup;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** File work on a thread that no caller can interrupt: an interrupt closes the channel that is in use. */
final class OwnThread {

    interface Work<R> {
        R run() throws IOException;
    }

    private OwnThread() {}

    static <R> R call(String name, Work<R> work) throws IOException {
        CompletableFuture<R> result = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        result.complete(work.run());
                    } catch (IOException | RuntimeException | Error failed) {
                        result.completeExceptionally(failed);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        try {
            return result.join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof IOException cause) {
                throw cause;
            }
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (failed.getCause() instanceof Error cause) {
                throw cause;
            }
            throw failed;
        }
    }
}
