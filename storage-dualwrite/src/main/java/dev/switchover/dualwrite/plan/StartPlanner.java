package dev.switchover.dualwrite.plan;

import dev.switchover.dualwrite.flags.PhaseChoice;
import dev.switchover.dualwrite.guard.Guard;
import dev.switchover.dualwrite.guard.GuardOptions;
import dev.switchover.dualwrite.guard.Observation;
import dev.switchover.dualwrite.guard.Observation.Present;
import dev.switchover.dualwrite.guard.Verdict;
import dev.switchover.dualwrite.plan.Seen.Problem;
import dev.switchover.dualwrite.plan.StartPlan.Step;
import dev.switchover.dualwrite.view.FilesView;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.postgres.SchemaMode;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.PendingSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Asks the guard what a start would do, for flags that may be others than those that hold. A process that holds the directory is
 * taken to have let go of it. Used by one thread.
 */
public final class StartPlanner {

    private final StoreObserver observer;
    private final GuardOptions options;
    private final boolean withoutJson;

    /**
     * A planner of one start.
     *
     * @param postgres null if no database is configured; it need not have been prepared
     * @param withoutJson whether all collections are to be in a database phase: then a copy in JSON that cannot be used stops nobody
     */
    public StartPlanner(
            FilesView files,
            @Nullable PostgresStore postgres,
            SchemaMode mode,
            GuardOptions options,
            boolean withoutJson) {
        this.observer = new StoreObserver(files, postgres, mode);
        this.withoutJson = withoutJson;
        this.options = options;
    }

    /** What would happen to one collection. A store that does not answer is a part of the answer. */
    public StartPlan.Collection plan(CollectionSchema<?, ?> schema, PhaseChoice choice, List<String> flags) {
        Phase wanted = choice.phase();
        StoreObserver.Both seen = observer.look(schema, wanted, withoutJson);
        List<String> facts = new ArrayList<>();
        facts.add(fact(Store.JSON, seen.json()));
        facts.add(fact(Store.POSTGRESQL, seen.database()));
        Planned planned = planned(wanted, seen);
        facts.addAll(planned.facts());
        return new StartPlan.Collection(
                schema.name(),
                wanted,
                flags,
                planned.step(),
                planned.code(),
                planned.summary(),
                facts,
                planned.remedy());
    }

    /** What comes of it, before it is put together with what was seen. */
    private record Planned(
            Step step,
            @Nullable String code,
            String summary,
            List<String> facts,
            @Nullable String remedy) {

        static Planned step(Step step, String summary) {
            return new Planned(step, null, summary, List.of(), null);
        }

        static Planned refused(String code, List<String> facts, String remedy) {
            return new Planned(Step.REFUSE, code, "The start is refused: " + code, facts, remedy);
        }
    }

    private Planned planned(Phase wanted, StoreObserver.Both seen) {
        Seen own = wanted.databasePhase() ? seen.database() : seen.json();
        Seen other = wanted.databasePhase() ? seen.json() : seen.database();
        for (Seen each : List.of(own, other)) {
            Problem problem = each.problem();
            // Tables that do not fit are no concern of a phase that does not use them.
            if (problem != null && !(wanted == Phase.JSON_ONLY && each == seen.database())) {
                return Planned.refused(problem.code(), problem.facts(), problem.remedy());
            }
        }
        Verdict verdict =
                Guard.decide(wanted, seen.json().observation(), seen.database().observation(), options);
        return told(wanted, seen, verdict);
    }

    private static Planned told(Phase wanted, StoreObserver.Both seen, Verdict verdict) {
        if (verdict instanceof Verdict.Serve serve) {
            return Planned.step(Step.SERVE, serves(wanted, serve));
        } else if (verdict instanceof Verdict.ServeStale stale) {
            return Planned.step(
                    Step.SERVE_STALE,
                    "Reads are served from the JSON copy, marked stale, and writes are refused until PostgreSQL answers: "
                            + stale.reason());
        } else if (verdict instanceof Verdict.FirstContact first) {
            return Planned.step(Step.FIRST_CONTACT, firstContact(wanted, seen, first));
        } else if (verdict instanceof Verdict.Join join) {
            String how = switch (join.content()) {
                case NONE -> "";
                case MUST_BE_EQUAL -> "; its records have to be those of the authority, or the start is refused";
                case SAVED_ASIDE -> "; what only it has is saved aside first";
            };
            return Planned.step(
                    Step.JOIN,
                    join.mirror().label() + " becomes a mirror of "
                            + join.mirror().other().label() + how + "."
                            + next(wanted, join.mirror().other()));
        } else if (verdict instanceof Verdict.ChangeAuthority change) {
            return change(seen, change);
        } else if (verdict instanceof Verdict.Finish finish) {
            return Planned.step(
                    Step.FINISH,
                    "The change of authority to " + finish.to().label()
                            + " that was begun is finished: everything is compared and what differs is copied, then it serves.");
        } else if (verdict instanceof Verdict.Reopen reopen) {
            return Planned.step(
                    Step.REOPEN,
                    "The change of authority away from " + reopen.store().label()
                            + " that was begun is taken back, and it serves again.");
        } else if (verdict instanceof Verdict.Confirm confirm) {
            return Planned.step(
                    Step.CONFIRM,
                    "The change of authority to " + confirm.authority().label()
                            + " is done; it is confirmed, then it serves.");
        } else if (verdict instanceof Verdict.TakeBack back) {
            return Planned.step(
                    Step.TAKE_BACK,
                    back.forced().label() + " was forced; what only "
                            + back.forced().other().label() + " has is saved aside, and that one follows.");
        } else if (verdict instanceof Verdict.Force force) {
            return Planned.step(
                    Step.FORCE,
                    force.store().label() + " is made the authority at epoch " + force.epoch()
                            + " because SWITCHOVER_FORCE or SWITCHOVER_ADOPT says so; what only the other store has is saved"
                            + " aside.");
        }
        Verdict.Refuse refuse = (Verdict.Refuse) verdict;
        return Planned.refused(refuse.code(), refuse.facts(), refuse.remedy());
    }

    private static String serves(Phase wanted, Verdict.Serve serve) {
        String text = serve.authority().label() + " is the authority and serves at once.";
        if (!wanted.mirrored()) {
            return text;
        }
        return text + " " + serve.authority().other().label()
                + (serve.compareAgain() ? " is compared with it while it serves." : " follows.");
    }

    private static String firstContact(Phase wanted, StoreObserver.Both seen, Verdict.FirstContact first) {
        Seen authority = first.authority() == Store.JSON ? seen.json() : seen.database();
        String how = switch (first.other()) {
            case NONE -> "";
            case MUST_BE_EQUAL -> " Both have records: they have to be the same, or the start is refused.";
            case SAVED_ASIDE -> " What only the other store has is saved aside.";
        };
        String text = "A ledger is made; " + first.authority().label() + " is the authority to begin with"
                + (authority.records() >= 0 ? ", with " + authority.records() + " records" : "") + "." + how;
        if (first.authority() == wanted.primary() && wanted.mirrored()) {
            text += " They are carried to " + first.authority().other().label() + " while it serves.";
        }
        return text + next(wanted, first.authority());
    }

    private static String next(Phase wanted, Store authority) {
        return authority == wanted.primary()
                ? ""
                : " Then " + wanted.primary().label()
                        + " takes over: everything is copied before the first call is served.";
    }

    private static Planned change(StoreObserver.Both seen, Verdict.ChangeAuthority change) {
        Seen from = change.from() == Store.JSON ? seen.json() : seen.database();
        long parked = from.observation() instanceof Present present
                ? present.pending().parked()
                : 0;
        if (parked > 0) {
            return Planned.refused(
                    "PARKED-RECORDS",
                    List.of(parked + " records are refused by " + change.to().label()),
                    "Change or delete them, retry them once the cause is gone, or discard them: 'parked list'.");
        }
        String when = change.to() == Store.JSON
                ? "Most is copied while PostgreSQL serves on, the rest while nobody serves."
                : "What differs is copied while nobody serves.";
        return Planned.step(
                Step.CHANGE_AUTHORITY,
                "The authority goes from " + change.from().label() + " to "
                        + change.to().label() + ". Every record" + (from.records() >= 0 ? " of " + from.records() : "")
                        + " is checked and compared. " + when);
    }

    private static String fact(Store store, Seen seen) {
        Observation observation = seen.observation();
        if (observation instanceof Present present) {
            String ledger = present.entry().map(StartPlanner::ledger).orElse("has no ledger");
            String records = seen.records() < 0
                    ? present.hasRecords() ? "has records" : "has no records"
                    : seen.records() + " records";
            PendingSummary pending = present.pending();
            String marks = pending.count() + pending.parked() == 0
                    ? ""
                    : ", " + pending.count() + " pending, " + pending.parked() + " parked";
            return store.label() + " " + ledger + ", " + records + marks;
        }
        if (observation instanceof Observation.NotConfigured) {
            return store.label() + " is not configured";
        }
        String reason = observation instanceof Observation.Unreachable gone ? gone.reason() : observation.toString();
        return store.label() + " cannot be used: " + reason;
    }

    private static String ledger(LedgerEntry entry) {
        String state = entry.state().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return "is " + state + (entry.confirmed() ? ", confirmed" : ", not confirmed") + ", at epoch " + entry.epoch();
    }
}
