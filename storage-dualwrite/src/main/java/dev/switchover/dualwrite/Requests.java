package dev.switchover.dualwrite;

import dev.switchover.dualwrite.backup.BackupMaker;
import dev.switchover.dualwrite.backup.BeforeRetirement;
import dev.switchover.dualwrite.backup.EmergencyRequest;
import dev.switchover.dualwrite.backup.RestoreRequest;
import dev.switchover.dualwrite.export.ExportHandler;
import dev.switchover.dualwrite.repair.RepairRequest;
import dev.switchover.dualwrite.request.RequestHandlers;
import dev.switchover.dualwrite.retire.Retirement;

/** What can be asked of the holder of a directory, by the same names in every process. */
final class Requests {

    private Requests() {}

    static RequestHandlers handlers(Configuration configuration) {
        BackupMaker maker = new BackupMaker(configuration.backups(), configuration.clock());
        return ParkedRequests.handlers(RequestHandlers.NONE)
                .with(ExportHandler.KIND, new ExportHandler())
                .with(Retirement.KIND, new Retirement(new BeforeRetirement(maker)))
                .with(RestoreRequest.KIND, new RestoreRequest(maker))
                .with(EmergencyRequest.KIND, new EmergencyRequest())
                .with(RepairRequest.KIND, new RepairRequest(new RepairAlone(configuration)));
    }
}
