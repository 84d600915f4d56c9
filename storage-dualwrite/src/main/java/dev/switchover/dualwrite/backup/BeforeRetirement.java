package dev.switchover.dualwrite.backup;

import dev.switchover.dualwrite.request.HeldStorage;
import dev.switchover.storage.RequestFailedException;
import java.util.List;

/** The backup of everything that is made, and read back, before JSON is retired. Thread-safe. */
public final class BeforeRetirement {

    private static final String RETIRE = "retire";

    private final BackupMaker maker;

    public BeforeRetirement(BackupMaker maker) {
        this.maker = maker;
    }

    /**
     * Makes it, of all collections.
     *
     * @throws dev.switchover.storage.StorageException if it could not be made or is not sound
     */
    public BackupFile make(HeldStorage storage) {
        BackupFile made = maker.make(new HeldSource(storage, RETIRE), BackupKind.BEFORE_RETIREMENT, storage.schemas());
        List<String> problems = ReadBack.problems(made, storage.schemas());
        if (!problems.isEmpty()) {
            throw new RequestFailedException(
                    RETIRE,
                    "The backup " + made.path() + " is not sound, so nothing was retired. Mend this first: "
                            + String.join("; ", problems));
        }
        return made;
    }
}
