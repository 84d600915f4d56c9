package dev.switchover.dualwrite.backup;

/**
 * What recovering did.
 *
 * @param collected name of the backup that holds the newest of everything found
 * @param restored what came of bringing it in; records the store had in a newer version stayed
 */
public record RecoveryReport(RecoveryScan scan, String collected, RestoreReport restored) {

    public String toJson() {
        return Json.write(this);
    }
}
