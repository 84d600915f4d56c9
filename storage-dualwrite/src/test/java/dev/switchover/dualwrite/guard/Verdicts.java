package dev.switchover.dualwrite.guard;

/** Verdicts as short words. */
final class Verdicts {

    private Verdicts() {}

    static String name(Verdict verdict) {
        if (verdict instanceof Verdict.Serve serve) {
            return "Serve " + serve.authority();
        }
        if (verdict instanceof Verdict.ServeStale) {
            return "ServeStale";
        }
        if (verdict instanceof Verdict.FirstContact contact) {
            return "FirstContact " + contact.authority() + " " + contact.other();
        }
        if (verdict instanceof Verdict.Join join) {
            return "Join " + join.mirror() + " " + join.content();
        }
        if (verdict instanceof Verdict.ChangeAuthority change) {
            return "ChangeAuthority " + change.from() + " " + change.to();
        }
        if (verdict instanceof Verdict.Finish finish) {
            return "Finish " + finish.to();
        }
        if (verdict instanceof Verdict.Reopen reopen) {
            return "Reopen " + reopen.store();
        }
        if (verdict instanceof Verdict.Confirm confirm) {
            return "Confirm " + confirm.authority();
        }
        if (verdict instanceof Verdict.TakeBack back) {
            return "TakeBack " + back.forced();
        }
        if (verdict instanceof Verdict.Force force) {
            return "Force " + force.store() + " " + force.epoch();
        }
        return ((Verdict.Refuse) verdict).code();
    }
}
