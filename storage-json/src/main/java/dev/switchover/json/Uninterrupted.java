package dev.switchover.json;

import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** File work on a thread that no caller can interrupt: an interrupt closes the channel that is in use. */
final class Uninterrupted {

    interface FileWork<R> {
        R run() throws IOException;
    }

    private Uninterrupted() {}

    /** @throws StoreUnavailableException if the work throws an {@link IOException} */
    static <R> R call(String threadName, FileWork<R> work) {
        CompletableFuture<R> result = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        result.complete(work.run());
                    } catch (IOException failed) {
                        result.completeExceptionally(new StoreUnavailableException(
                                Store.JSON, "The JSON directory cannot be used", describe(failed), failed));
                    } catch (RuntimeException | Error failed) {
                        result.completeExceptionally(failed);
                    }
                },
                threadName);
        thread.setDaemon(true);
        thread.start();
        try {
            return result.join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (failed.getCause() instanceof Error cause) {
                throw cause;
            }
            throw failed;
        }
    }

    private static String describe(IOException failed) {
        return failed.getClass().getSimpleName() + ": " + failed.getMessage();
    }
}
