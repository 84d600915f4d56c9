package dev.switchover.dualwrite.differential;

import dev.switchover.dualwrite.differential.ModelRecords.Kept;
import dev.switchover.dualwrite.differential.ModelRecords.Version;
import dev.switchover.storage.Store;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One unit of work on the model: everything on copies, which take the place of what was there if it ends well. */
final class ModelUnit {

    private record Touched(String collection, Object id) {}

    private final Model model;
    private final Operation.Unit unit;
    private final Map<String, ModelRecords> copies = new LinkedHashMap<>();
    private final Set<Touched> touched = new HashSet<>();
    private boolean changes;

    ModelUnit(Model model, Operation.Unit unit) {
        this.model = model;
        this.unit = unit;
    }

    List<Object> play(Answer actual) {
        List<?> said = actual.value() instanceof List<?> list ? list : List.of();
        List<Object> results = new ArrayList<>();
        for (Operation step : unit.steps()) {
            results.add(step(step, results.size() < said.size() ? said.get(results.size()) : null, actual));
        }
        if (unit.fails()) {
            throw new Model.Failed(Answer.failed("own"));
        }
        if ((changes || touched.size() > 1) && primaries().size() > 1) {
            throw new Model.Failed(Answer.failed("mixed"));
        }
        copies.values().forEach(model::replace);
        return results;
    }

    private Set<Store> primaries() {
        Set<Store> primaries = new HashSet<>();
        for (Touched one : touched) {
            Store primary = model.primary(one.collection());
            if (primary != null) {
                primaries.add(primary);
            }
        }
        return primaries;
    }

    private @Nullable Object step(Operation step, @Nullable Object said, Answer actual) {
        String collection = Collections.of(step);
        ModelRecords records =
                copies.computeIfAbsent(collection, name -> model.records(name).copy());
        if (step instanceof Operation.Create create) {
            return write(records, create.draft(), true);
        } else if (step instanceof Operation.Save save) {
            return write(records, save.draft(), false);
        } else if (step instanceof Operation.ReadEnvelope) {
            touched.add(new Touched(collection, ""));
            return Model.envelope(records, said);
        } else if (step instanceof Operation.WriteEnvelope write) {
            Model.writeEnvelope(records, write);
            touched.add(new Touched(collection, ""));
            changes = true;
            return null;
        } else if (step instanceof Operation.SaveIf save) {
            return saveIf(records, save, actual);
        }
        Operation.IdRef ref = Collections.id(step);
        Object id = ref == null ? null : model.player().id(ref);
        if (id == null) {
            return Answer.SKIPPED;
        }
        Model.requireId(records.shape(), id);
        touched.add(new Touched(collection, id));
        Kept found = records.find(id);
        if (step instanceof Operation.Update update) {
            changes |= found != null;
            return Optional.ofNullable(found)
                    .map(kept -> model.update(records, kept, update.changes()).record());
        } else if (step instanceof Operation.Delete) {
            changes |= found != null;
            return records.delete(id);
        }
        return Optional.ofNullable(found).map(Kept::record);
    }

    private Object write(ModelRecords records, Operation.Draft draft, boolean create) {
        Shape<?, ?> shape = records.shape();
        Operation.IdRef ref = draft.id() == null ? new Operation.IdRef(null, draft.slot()) : draft.id();
        if (draft.id() == null && model.player().id(ref) == null) {
            // It did not come to making one, so something is wrong with this record.
            Model.requireSound(shape, shape.record(draft.values(), null));
        } else if (model.player().id(ref) == null) {
            return Answer.SKIPPED;
        }
        long highest = model.records(shape.name()).highestId();
        Kept kept = model.write(records, draft, create, highest);
        touched.add(new Touched(shape.name(), kept.id()));
        changes = true;
        return kept.record();
    }

    private @Nullable Object saveIf(ModelRecords records, Operation.SaveIf save, Answer actual) {
        Shape<?, ?> shape = records.shape();
        Operation.IdRef ref = save.draft().id();
        Object id = ref == null ? null : model.player().id(ref);
        if (id == null) {
            return Answer.SKIPPED;
        }
        Json.Obj json = (Json.Obj) Shape.json(shape.record(save.draft().values(), id));
        String path = Refusals.of(shape, json, id, false);
        if (path != null) {
            throw new Model.Failed(Answer.invalid(shape.name(), path));
        }
        touched.add(new Touched(shape.name(), id));
        // What is expected is a version in the store: what the work has done itself has none yet.
        Version expected = model.expected(shape, id, save.remembered());
        model.require(records, id, model.records(shape.name()).find(id), expected, actual);
        if (expected == null && records.find(id) != null) {
            throw new Model.Failed(Answer.exists(shape.name(), shape.idText(id)));
        }
        model.write(records, save.draft(), false, 0);
        changes = true;
        return null;
    }
}
