package dev.switchover.dualwrite.shadow;

import dev.switchover.dualwrite.reconcile.Difference;
import dev.switchover.dualwrite.reconcile.Suspects;
import dev.switchover.dualwrite.reconcile.Suspects.Look;
import dev.switchover.dualwrite.shadow.ShadowReads.Sample;
import dev.switchover.dualwrite.view.StoreView;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.PendingSummary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One comparison. The mirror is asked later than the primary was, so an answer that differs is only suspect: its ids are looked at
 * twice in both stores, as a verification does. Where all of them are alike but the answers differ, both are asked once more.
 */
final class Shadow<R> {

    /** What came of it. */
    enum Kind {
        EQUAL,
        LAGGING,
        MISMATCHED
    }

    /** @param what of a mismatch: names ids, never values */
    record Outcome(Kind kind, String what) {
        private static final Outcome EQUAL = new Outcome(Kind.EQUAL, "");
        private static final Outcome LAGGING = new Outcome(Kind.LAGGING, "");
    }

    private final Sample<R> sample;
    private final Suspects suspects;

    Shadow(Sample<R> sample) {
        this.sample = sample;
        this.suspects = new Suspects(StoreView.of(sample.primary()), StoreView.of(sample.mirror()), sample.schema());
    }

    Outcome compare() {
        R mirrored = sample.call().apply(sample.mirror());
        if (alike(sample.answer(), mirrored)) {
            return Outcome.EQUAL;
        }
        boolean everythingWasCompared = sample.primary()
                .ledger()
                .read(sample.schema())
                .map(LedgerEntry::mirroring)
                .filter(mirroring -> mirroring == Mirroring.ON)
                .isPresent();
        if (!everythingWasCompared) {
            return Outcome.LAGGING;
        }
        List<RecordId> differing = differing(records(sample.answer()), records(mirrored));
        Map<RecordId, Look> first = suspects.look(differing);
        Map<RecordId, Look> second = suspects.look(differing);
        for (RecordId id : differing) {
            Look again = second.get(id);
            Difference.Kind kind = again == null ? null : drift(first.get(id), again);
            if (kind != null) {
                return new Outcome(Kind.MISMATCHED, kind + " " + id);
            }
        }
        return answersDiffer() ? new Outcome(Kind.MISMATCHED, "the answers to one query differ") : Outcome.LAGGING;
    }

    /** In what the id differs without a reason, or null. */
    private static Difference.@Nullable Kind drift(@Nullable Look look, Look again) {
        Difference.Kind kind = again.kind();
        boolean underWay = look == null || look.pending() || again.pending() || !look.sameAs(again);
        return kind == null || !kind.isDrift() || underWay ? null : kind;
    }

    /** Whether both stores, between which nothing is under way, twice give the same two answers, and these differ. */
    private boolean answersDiffer() {
        R left = sample.call().apply(sample.primary());
        if (isAnythingUnderWay()) {
            return false;
        }
        R right = sample.call().apply(sample.mirror());
        return !alike(left, right)
                && same(left, sample.call().apply(sample.primary()))
                && !isAnythingUnderWay()
                && same(right, sample.call().apply(sample.mirror()));
    }

    private boolean isAnythingUnderWay() {
        PendingSummary pending = sample.primary().pending().summary(sample.schema());
        return pending.count() + pending.parked() > 0;
    }

    private boolean alike(R left, R right) {
        List<RawRecord> a = records(left);
        List<RawRecord> b = records(right);
        if (a.size() != b.size() || (left instanceof Long && !left.equals(right))) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            if (!a.get(i).id().equals(b.get(i).id()) || !sameContent(a.get(i), b.get(i))) {
                return false;
            }
        }
        return true;
    }

    private boolean sameContent(RawRecord left, RawRecord right) {
        return left.id().isEnvelope()
                ? Arrays.equals(left.body(), right.body())
                : sample.schema().sameContent(left.body(), right.body());
    }

    /** Whether an answer is the one from before, to the version. */
    private boolean same(R before, R now) {
        return before instanceof Long ? before.equals(now) : versions(before).equals(versions(now));
    }

    private List<String> versions(R answer) {
        return records(answer).stream()
                .map(record -> record.version() + " " + record.id())
                .toList();
    }

    /** Ids that only one of the answers has, or that they have otherwise. */
    private List<RecordId> differing(List<RawRecord> left, List<RawRecord> right) {
        Map<RecordId, RawRecord> others = new HashMap<>();
        right.forEach(record -> others.put(record.id(), record));
        Set<RecordId> differing = new LinkedHashSet<>();
        for (RawRecord record : left) {
            RawRecord other = others.remove(record.id());
            if (other == null || !sameContent(record, other)) {
                differing.add(record.id());
            }
        }
        differing.addAll(others.keySet());
        return List.copyOf(differing);
    }

    private static List<RawRecord> records(Object answer) {
        List<RawRecord> records = new ArrayList<>();
        if (answer instanceof Optional<?> optional) {
            optional.ifPresent(record -> records.add((RawRecord) record));
        } else if (answer instanceof List<?> list) {
            list.forEach(record -> records.add((RawRecord) record));
        }
        return records;
    }
}
