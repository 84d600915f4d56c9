package dev.switchover.dualwrite.differential;

import dev.switchover.dualwrite.differential.Operation.Draft;
import dev.switchover.dualwrite.differential.Operation.IdRef;
import dev.switchover.storage.Page;
import dev.switchover.storage.PageKey;
import dev.switchover.storage.Query;
import dev.switchover.storage.Repository;
import dev.switchover.storage.Storage;
import dev.switchover.storage.UnitOfWork;
import dev.switchover.storage.Versioned;
import dev.switchover.storage.repository.RawAccess;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Plays operations on a storage, and keeps what only that storage knows: ids it made, versions, page keys. */
final class Player {

    /** One stored text. */
    record Stored(String id, String text) {}

    /** A page and whether another one follows. */
    record Paged(List<?> records, boolean more) {}

    record Place(String collection, Object id) {}

    private final Map<String, Shape<?, ?>> shapes;
    private final Supplier<Storage> storage;
    private final Map<Integer, Object> made = new HashMap<>();
    private final Map<Place, Long> versions = new HashMap<>();
    private final Map<String, Query> pages = new HashMap<>();

    Player(Map<String, Shape<?, ?>> shapes, Supplier<Storage> storage) {
        this.shapes = shapes;
        this.storage = storage;
    }

    /** The id this storage made for the slot, the given one, or null if there is none. */
    @Nullable
    Object id(IdRef ref) {
        return ref.given() != null ? ref.given() : made.get(ref.slot());
    }

    /** The version remembered last, or 0. */
    long version(String collection, Object id) {
        return versions.getOrDefault(new Place(collection, id), 0L);
    }

    Answer play(Operation operation) {
        if (operation instanceof Operation.Unit unit) {
            return Answer.from(() -> storage.get().inUnitOfWork(work -> {
                List<Object> results = new ArrayList<>();
                for (Operation step : unit.steps()) {
                    results.add(inside(work, step));
                }
                if (unit.fails()) {
                    throw new Answer.OwnFailure();
                }
                return results;
            }));
        }
        return Answer.from(() -> outside(operation));
    }

    private @Nullable Object outside(Operation operation) {
        if (operation instanceof Operation.ReadEnvelope read) {
            return storage.get().envelope(shape(read.collection()).definition()).read();
        }
        if (operation instanceof Operation.WriteEnvelope write) {
            storage.get().envelope(shape(write.collection()).definition()).write(write.text());
            return null;
        }
        return with(Collections.of(operation), operation);
    }

    private <T, ID> @Nullable Object with(String collection, Operation operation) {
        @SuppressWarnings("unchecked") // The shapes belong to the collections' own definitions.
        Shape<T, ID> shape = (Shape<T, ID>) shape(collection);
        Repository<T, ID> repository = storage.get().repository(shape.definition());
        if (operation instanceof Operation.Create create) {
            return kept(shape, create.draft(), () -> repository.create(record(shape, create.draft())));
        } else if (operation instanceof Operation.Save save) {
            return kept(shape, save.draft(), () -> repository.save(record(shape, save.draft())));
        } else if (operation instanceof Operation.SaveIf save) {
            IdRef ref = save.draft().id();
            long expected = save.remembered() && ref != null && id(ref) != null ? version(collection, id(ref)) : 0;
            return kept(
                    shape,
                    save.draft(),
                    () -> remembered(shape, repository.save(record(shape, save.draft()), expected)));
        } else if (operation instanceof Operation.SaveAll all) {
            List<Draft> drafts = all.drafts().stream()
                    .filter(draft -> draft.id() == null || id(draft.id()) != null)
                    .toList();
            List<T> saved = repository.saveAll(
                    drafts.stream().map(draft -> record(shape, draft)).toList());
            for (int i = 0; i < saved.size(); i++) {
                keep(shape, drafts.get(i), saved.get(i));
            }
            return saved;
        } else if (operation instanceof Operation.DeleteAll all) {
            List<ID> ids = all.ids().stream()
                    .map(this::id)
                    .filter(id -> id != null)
                    .map(id -> shape.definition().idClass().cast(id))
                    .toList();
            return repository.deleteAll(ids);
        } else if (operation instanceof Operation.Ask ask) {
            return ask(repository, ask);
        } else if (operation instanceof Operation.FirstPage first) {
            return page(repository, first.collection(), first.query());
        } else if (operation instanceof Operation.NextPage next) {
            Query query = pages.get(next.collection());
            return query == null ? Answer.SKIPPED : page(repository, next.collection(), query);
        } else if (operation instanceof Operation.Audit) {
            return audit(shape);
        }
        IdRef ref = Collections.id(operation);
        Object given = ref == null ? null : id(ref);
        if (given == null) {
            return Answer.SKIPPED;
        }
        ID id = shape.definition().idClass().cast(given);
        if (operation instanceof Operation.Update update) {
            return repository.update(id, record -> shape.with(record, update.changes()));
        } else if (operation instanceof Operation.Delete) {
            return repository.delete(id);
        } else if (operation instanceof Operation.DeleteIf delete) {
            repository.delete(id, delete.remembered() ? version(collection, id) : 0);
            return null;
        } else if (operation instanceof Operation.Find) {
            return repository.findById(id);
        } else if (operation instanceof Operation.Exists) {
            return repository.exists(id);
        } else if (operation instanceof Operation.Remember) {
            return repository.findVersioned(id).map(versioned -> remembered(shape, versioned));
        } else if (operation instanceof Operation.RawPut put) {
            Json.Obj body = Collections.withId(shape, put, id);
            RawAccess.of(storage.get()).put(shape.definition(), put.spaced() ? Json.spaced(body) : body.compact());
            return null;
        }
        throw new AssertionError(operation);
    }

    private static <T, ID> Object ask(Repository<T, ID> repository, Operation.Ask ask) {
        return switch (ask.way()) {
            case LIST -> repository.list(ask.query());
            case COUNT -> repository.count(ask.query());
            case STREAM -> {
                try (Stream<T> stream = repository.stream(ask.query())) {
                    yield stream.toList();
                }
            }
        };
    }

    private <T, ID> Paged page(Repository<T, ID> repository, String collection, Query query) {
        pages.remove(collection);
        Page<T> page = repository.page(query);
        Optional<PageKey> next = page.next();
        next.ifPresent(key -> pages.put(collection, query.offset(0).after(key)));
        return new Paged(page.records(), next.isPresent());
    }

    private List<Stored> audit(Shape<?, ?> shape) {
        RawAccess raw = RawAccess.of(storage.get());
        return raw.access().list(raw.schema(shape.definition()), Query.all()).stream()
                .map(record -> new Stored(record.id().text(), new String(record.body(), StandardCharsets.UTF_8)))
                .toList();
    }

    private @Nullable Object inside(UnitOfWork work, Operation step) {
        if (step instanceof Operation.ReadEnvelope read) {
            return work.envelope(shape(read.collection()).definition()).read();
        }
        if (step instanceof Operation.WriteEnvelope write) {
            work.envelope(shape(write.collection()).definition()).write(write.text());
            return null;
        }
        return inside(work, Collections.of(step), step);
    }

    private <T, ID> @Nullable Object inside(UnitOfWork work, String collection, Operation step) {
        @SuppressWarnings("unchecked") // As above.
        Shape<T, ID> shape = (Shape<T, ID>) shape(collection);
        UnitOfWork.Records<T, ID> records = work.on(shape.definition());
        if (step instanceof Operation.Create create) {
            return kept(shape, create.draft(), () -> records.create(record(shape, create.draft())));
        } else if (step instanceof Operation.Save save) {
            return kept(shape, save.draft(), () -> records.save(record(shape, save.draft())));
        } else if (step instanceof Operation.SaveIf save) {
            IdRef ref = save.draft().id();
            Object id = ref == null ? null : id(ref);
            if (id == null) {
                return Answer.SKIPPED;
            }
            records.save(record(shape, save.draft()), save.remembered() ? version(collection, id) : 0);
            return null;
        }
        IdRef ref = Collections.id(step);
        Object given = ref == null ? null : id(ref);
        if (given == null) {
            return Answer.SKIPPED;
        }
        ID id = shape.definition().idClass().cast(given);
        if (step instanceof Operation.Update update) {
            return records.update(id, record -> shape.with(record, update.changes()));
        } else if (step instanceof Operation.Delete) {
            return records.delete(id);
        } else if (step instanceof Operation.Find) {
            return records.findById(id);
        }
        throw new AssertionError(step);
    }

    private <T, ID> Versioned<T> remembered(Shape<T, ID> shape, Versioned<T> versioned) {
        versions.put(new Place(shape.name(), shape.id(versioned.record())), versioned.version());
        return versioned;
    }

    private @Nullable Object kept(Shape<?, ?> shape, Draft draft, Supplier<Object> write) {
        if (draft.id() != null && id(draft.id()) == null) {
            return Answer.SKIPPED;
        }
        Object result = write.get();
        keep(shape, draft, result instanceof Versioned<?> versioned ? versioned.record() : result);
        return result;
    }

    @SuppressWarnings("unchecked") // It is what the repository of this shape gave.
    private <T> void keep(Shape<T, ?> shape, Draft draft, Object record) {
        if (draft.id() == null && shape.storeMakesIds()) {
            made.put(draft.slot(), shape.id((T) record));
        }
    }

    private <T> T record(Shape<T, ?> shape, Draft draft) {
        return shape.record(draft.values(), draft.id() == null ? null : id(draft.id()));
    }

    private Shape<?, ?> shape(String collection) {
        return shapes.get(collection);
    }
}
