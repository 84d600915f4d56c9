package dev.switchover.dualwrite;

import dev.switchover.dualwrite.request.RequestProgress;
import dev.switchover.dualwrite.retire.RetireReport;
import dev.switchover.dualwrite.retire.RetiredDirectory;
import dev.switchover.dualwrite.retire.Retirement;
import dev.switchover.storage.RequestFailedException;
import java.nio.file.Path;
import java.time.Duration;

/** Retires JSON, in two halves: archive and note it, with the directory's lock; then delete what the archive has. Thread-safe. */
final class OperatorRetirement {

    private final Beside beside;
    private final DirectoryRequests requests;

    OperatorRetirement(Beside beside, DirectoryRequests requests) {
        this.beside = beside;
        this.requests = requests;
    }

    RetireReport retire(Path folder, Duration patience, RequestProgress progress) {
        Configuration configuration = beside.configuration();
        if (!configuration.hasDirectory()) {
            throw new RequestFailedException(Retirement.KIND, "There is no JSON directory to retire");
        }
        if (!new RetiredDirectory(configuration.directory()).isRetired()) {
            requests.ask(Retirement.KIND, Retirement.arguments(folder), patience, progress);
        }
        return Retirement.finish(configuration.directory(), beside.postgres(), beside.schemas(), configuration.clock())
                .orElseThrow(() -> new RequestFailedException(
                        Retirement.KIND, "The directory was not retired after all; look at the log of its holder"));
    }
}
