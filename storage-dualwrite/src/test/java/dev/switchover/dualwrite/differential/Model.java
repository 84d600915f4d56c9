package dev.switchover.dualwrite.differential;

import dev.switchover.dualwrite.differential.ModelRecords.Kept;
import dev.switchover.dualwrite.differential.ModelRecords.Version;
import dev.switchover.dualwrite.differential.Operation.Draft;
import dev.switchover.storage.Query;
import dev.switchover.storage.Store;
import dev.switchover.storage.Versioned;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A storage in memory that knows nothing of stores. It is asked after the storage it stands beside, because that one makes up ids
 * and version numbers; those it only checks.
 */
final class Model {

    /** A failure that ends an operation. */
    static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient Answer answer;

        Failed(Answer answer) {
            super(answer.toString(), null, false, false);
            this.answer = answer;
        }
    }

    private record Page(Query query, ModelQuery.Place after) {}

    private final Player player;
    private final Map<String, ModelRecords> collections = new LinkedHashMap<>();
    private final Map<String, Store> primaries = new HashMap<>();
    private final Map<Player.Place, Version> remembered = new HashMap<>();
    private final Map<String, Page> pages = new HashMap<>();
    private final Map<String, Long> highestIds = new HashMap<>();

    Model(Iterable<Shape<?, ?>> shapes, Player player) {
        this.player = player;
        shapes.forEach(shape -> collections.put(shape.name(), new ModelRecords(shape)));
    }

    /** From now on this store is in charge of the collection. */
    void primary(String collection, Store store) {
        primaries.put(collection, store);
    }

    /** What the answer should have been; {@code actual} tells ids and version numbers. */
    Answer play(Operation operation, Answer actual) {
        try {
            if (operation instanceof Operation.Unit unit) {
                return Answer.of(new ModelUnit(this, unit).play(actual));
            }
            return Answer.of(play(operation, collections.get(Collections.of(operation)), actual));
        } catch (Failed e) {
            return e.answer;
        }
    }

    private @Nullable Object play(Operation operation, ModelRecords records, Answer actual) {
        Shape<?, ?> shape = records.shape();
        if (operation instanceof Operation.Create create) {
            return write(records, create.draft(), true).record();
        } else if (operation instanceof Operation.Save save) {
            return write(records, save.draft(), false).record();
        } else if (operation instanceof Operation.SaveIf save) {
            return saveIf(records, save, actual);
        } else if (operation instanceof Operation.SaveAll all) {
            return saveAll(shape, all);
        } else if (operation instanceof Operation.DeleteAll all) {
            List<Object> ids = new ArrayList<>();
            all.ids().stream()
                    .map(player::id)
                    .filter(id -> id != null)
                    .distinct()
                    .forEach(ids::add);
            ids.forEach(id -> requireId(shape, id));
            return (int) ids.stream().filter(records::delete).count();
        } else if (operation instanceof Operation.Ask ask) {
            return ask(records, ask);
        } else if (operation instanceof Operation.FirstPage first) {
            return page(records, first.query(), null);
        } else if (operation instanceof Operation.NextPage) {
            Page page = pages.get(shape.name());
            return page == null ? Answer.SKIPPED : page(records, page.query(), page.after());
        } else if (operation instanceof Operation.Audit) {
            return audit(records, actual);
        } else if (operation instanceof Operation.ReadEnvelope) {
            return envelope(records, actual.value());
        } else if (operation instanceof Operation.WriteEnvelope write) {
            writeEnvelope(records, write);
            return null;
        }
        Operation.IdRef ref = Collections.id(operation);
        Object id = ref == null ? null : player.id(ref);
        return id == null ? Answer.SKIPPED : one(operation, records, id, actual);
    }

    static void writeEnvelope(ModelRecords records, Operation.WriteEnvelope write) {
        if (Refusals.isTooLong(write.text())) {
            throw new Failed(Answer.invalid(write.collection(), ""));
        }
        records.envelope(write.tight());
    }

    private @Nullable Object one(Operation operation, ModelRecords records, Object id, Answer actual) {
        Shape<?, ?> shape = records.shape();
        if (operation instanceof Operation.RawPut put) {
            rawPut(records, put, id);
            return null;
        }
        requireId(shape, id);
        Kept found = records.find(id);
        if (operation instanceof Operation.Update update) {
            return Optional.ofNullable(found)
                    .map(kept -> update(records, kept, update.changes()).record());
        } else if (operation instanceof Operation.Delete) {
            return records.delete(id);
        } else if (operation instanceof Operation.DeleteIf delete) {
            require(records, id, found, expected(shape, id, delete.remembered()), actual);
            records.delete(id);
            return null;
        } else if (operation instanceof Operation.Find) {
            return Optional.ofNullable(found).map(Kept::record);
        } else if (operation instanceof Operation.Exists) {
            return found != null;
        } else if (operation instanceof Operation.Remember) {
            boolean there = actual.value() instanceof Optional<?> said && said.isPresent();
            return Optional.ofNullable(found)
                    .map(kept -> versioned(records, kept, there ? ((Optional<?>) actual.value()).get() : null));
        }
        throw new AssertionError(operation);
    }

    Kept write(ModelRecords records, Draft draft, boolean create) {
        return write(records, draft, create, records.highestId());
    }

    /** @param highest an id made by the store is beyond this one */
    Kept write(ModelRecords records, Draft draft, boolean create, long highest) {
        Shape<?, ?> shape = records.shape();
        Object id = draft.id() == null ? null : player.id(draft.id());
        if (draft.id() != null && id == null) {
            throw new Failed(Answer.of(Answer.SKIPPED));
        }
        // 0 in a primitive id property would stand for none; these classes have no such property.
        Object record = shape.record(draft.values(), id);
        Json.Obj json = (Json.Obj) Shape.json(record);
        String path = Refusals.of(shape, json, id, false);
        if (path != null) {
            throw new Failed(Answer.invalid(shape.name(), path));
        }
        if (create && id != null && records.find(id) != null) {
            throw new Failed(Answer.exists(shape.name(), shape.idText(id)));
        }
        if (id == null) {
            id = fresh(records, player.id(new Operation.IdRef(null, draft.slot())), highest);
            for (Json.Member member : shape.idMembers(id)) {
                json = json.with(member.key().value(), member.value());
            }
        }
        return put(records, id, json);
    }

    private Kept put(ModelRecords records, Object id, Json.Obj json) {
        Shape<?, ?> shape = records.shape();
        if (shape.columns()) {
            return records.put(id, ModelText.ofRow(shape, json), null, null);
        }
        return records.put(id, json, shape.pretty() ? null : json.compact(), null);
    }

    /** An id the store made: never seen before, and beyond all others if it is from a sequence. */
    private Object fresh(ModelRecords records, @Nullable Object id, long beyond) {
        String name = records.shape().name();
        boolean fresh = id != null && records.find(id) == null;
        if (fresh && id instanceof Long number) {
            // What a store has made stays made, also if the work that asked for it fails.
            fresh = number > Math.max(beyond, highestIds.getOrDefault(name, 0L));
            highestIds.merge(name, number, Math::max);
        }
        if (id == null || !fresh) {
            throw new Failed(Answer.failed("the id " + id + " was made before, or is not beyond all others"));
        }
        return id;
    }

    private Object saveIf(ModelRecords records, Operation.SaveIf save, Answer actual) {
        Shape<?, ?> shape = records.shape();
        Object id = save.draft().id() == null ? null : player.id(save.draft().id());
        Object said = actual.value();
        if (id != null) {
            Json.Obj json = (Json.Obj) Shape.json(shape.record(save.draft().values(), id));
            String path = Refusals.of(shape, json, id, false);
            if (path != null) {
                throw new Failed(Answer.invalid(shape.name(), path));
            }
            require(records, id, records.find(id), expected(shape, id, save.remembered()), actual);
        }
        return versioned(records, write(records, save.draft(), false), said);
    }

    /** The version remembered last; null for "there is none". */
    @Nullable
    Version expected(Shape<?, ?> shape, Object id, boolean useRemembered) {
        return useRemembered ? remembered.get(new Player.Place(shape.name(), id)) : null;
    }

    void require(ModelRecords records, Object id, @Nullable Kept found, @Nullable Version expected, Answer actual) {
        Version stored = found == null ? null : found.version();
        if (stored != expected) {
            Shape<?, ?> shape = records.shape();
            throw new Failed(Answer.conflict(
                    shape.name(),
                    shape.idText(id),
                    records.number(expected, -1),
                    records.number(stored, actual.actualVersion())));
        }
    }

    private List<Object> saveAll(Shape<?, ?> shape, Operation.SaveAll all) {
        ModelRecords changed = collections.get(shape.name()).copy();
        List<Object> saved = new ArrayList<>();
        for (Draft draft : all.drafts()) {
            boolean made = draft.id() == null && player.id(new Operation.IdRef(null, draft.slot())) != null;
            boolean known = draft.id() != null && !all.makes(draft.id()) && player.id(draft.id()) != null;
            if (made || known) {
                saved.add(write(changed, draft, false).record());
            } else if (draft.id() == null) {
                // Refused as a whole, so no id was made; which record it was is found by going on.
                requireSound(shape, shape.record(draft.values(), null));
                saved.add(draft);
            }
        }
        replace(changed);
        return saved;
    }

    static void requireSound(Shape<?, ?> shape, Object newRecord) {
        String path = Refusals.of(shape, (Json.Obj) Shape.json(newRecord), null, false);
        if (path != null) {
            throw new Failed(Answer.invalid(shape.name(), path));
        }
    }

    void replace(ModelRecords changed) {
        collections.put(changed.shape().name(), changed);
    }

    ModelRecords records(String collection) {
        return collections.get(collection);
    }

    Player player() {
        return player;
    }

    @Nullable
    Store primary(String collection) {
        return primaries.get(collection);
    }

    Kept update(ModelRecords records, Kept kept, Map<String, Object> changes) {
        Shape<?, ?> shape = records.shape();
        Object before = shape.decode(kept.json());
        Object after = changed(shape, before, changes);
        String path = Refusals.of(shape, (Json.Obj) Shape.json(after), kept.id(), false);
        if (path != null) {
            throw new Failed(Answer.invalid(shape.name(), path));
        }
        Json.Obj merged = ModelText.mergedObject(kept.json(), before, after);
        if (shape.columns()) {
            return records.put(kept.id(), ModelText.ofRow(shape, merged), null, null);
        }
        boolean compact = kept.json().compact().equals(kept.exact());
        String exact = compact ? merged.compact() : before.equals(after) ? kept.exact() : null;
        return records.put(kept.id(), merged, exact, null);
    }

    @SuppressWarnings("unchecked") // Decoded by the same shape.
    private static <T> T changed(Shape<T, ?> shape, Object record, Map<String, Object> changes) {
        return shape.with((T) record, changes);
    }

    private void rawPut(ModelRecords records, Operation.RawPut put, Object id) {
        Shape<?, ?> shape = records.shape();
        Json.Obj json = Collections.withId(shape, put, id);
        String path = Refusals.of(shape, json, id, true);
        if (path != null) {
            throw new Failed(Answer.invalid(shape.name(), path));
        }
        String text = put.spaced() ? Json.spaced(json) : json.compact();
        if (shape.columns()) {
            records.put(id, ModelText.ofRow(shape, json), null, text);
        } else {
            records.put(id, json, text, null);
        }
    }

    private @Nullable Object ask(ModelRecords records, Operation.Ask ask) {
        ModelQuery query = sound(records.shape(), ask.query());
        return ask.way() == Operation.Way.COUNT
                ? query.count(records)
                : query.of(records, null).stream().map(Kept::record).toList();
    }

    private Player.Paged page(ModelRecords records, Query query, ModelQuery.@Nullable Place after) {
        String name = records.shape().name();
        pages.remove(name);
        ModelQuery one = sound(records.shape(), query);
        List<Kept> found = new ModelQuery(records.shape(), query.limit(query.limit() + 1)).of(records, after);
        boolean more = found.size() > query.limit();
        List<Kept> page = more ? found.subList(0, found.size() - 1) : found;
        if (more) {
            pages.put(name, new Page(query.offset(0), one.place(page.get(page.size() - 1))));
        }
        return new Player.Paged(page.stream().map(Kept::record).toList(), more);
    }

    private static ModelQuery sound(Shape<?, ?> shape, Query query) {
        ModelQuery meant = new ModelQuery(shape, query);
        if (meant.refused()) {
            throw new Failed(Answer.failed("argument"));
        }
        return meant;
    }

    private static List<Player.Stored> audit(ModelRecords records, Answer actual) {
        List<?> said = actual.value() instanceof List<?> list ? list : List.of();
        List<Player.Stored> expected = new ArrayList<>();
        for (Kept kept : records.inOrder()) {
            String text = expected.size() < said.size() ? ((Player.Stored) said.get(expected.size())).text() : "";
            boolean same = kept.exact() != null
                    ? text.equals(kept.exact())
                    : text.equals(kept.asPut())
                            || Json.withoutBlanks(text).equals(kept.json().compact());
            String shown = kept.exact() != null ? kept.exact() : kept.json().compact();
            expected.add(new Player.Stored(records.shape().idText(kept.id()), same ? text : shown));
        }
        return expected;
    }

    static @Nullable Object envelope(ModelRecords records, @Nullable Object said) {
        if (records.envelope() != null) {
            return records.envelope();
        }
        boolean empty = said instanceof String text && Json.withoutBlanks(text).equals("{\"data\":{\"notes\":{}}}");
        return empty ? said : "an envelope with nothing in it";
    }

    Versioned<?> versioned(ModelRecords records, Kept kept, @Nullable Object said) {
        long number = said instanceof Versioned<?> versioned ? versioned.version() : -1;
        remembered.put(new Player.Place(records.shape().name(), kept.id()), kept.version());
        return new Versioned<>(kept.record(), records.number(kept.version(), number));
    }

    static void requireId(Shape<?, ?> shape, Object id) {
        if (!Refusals.idFits(shape, id)) {
            throw new Failed(
                    Answer.invalid(shape.name(), "/" + shape.idProperties().get(0)));
        }
    }
}
