package dev.switchover.examples.expenses;

import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.Query;
import dev.switchover.storage.Read;
import dev.switchover.storage.Repository;
import dev.switchover.storage.Sort;
import dev.switchover.storage.Storage;
import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The requests on one kind of entry: {@code /api/v1/expense}. */
final class EntryApi<T> {

    /** Set on an answer that came from the copy, because the database is away: the time of the copy. */
    static final String STALE_HEADER = "X-Storage-Stale";

    private static final Query NEWEST_FIRST = Query.all().orderBy(Sort.descending("date"));
    private static final Pattern INTEGER = Pattern.compile("-?[0-9]+");
    /** No id has more digits than a long. */
    private static final Pattern LONG = Pattern.compile("-?0*[0-9]{1,18}");

    private final EntryKind<T> kind;
    private final EntryFields fields;
    private final Repository<T, Long> repository;

    EntryApi(EntryKind<T> kind, Storage storage) {
        this.kind = kind;
        this.fields = new EntryFields(kind);
        this.repository = storage.repository(kind.collection());
    }

    void addTo(JavalinDefaultRoutingApi routes) {
        String path = "/api/v1/" + kind.name();
        routes.get(path, this::list)
                .post(path, this::create)
                .post(path + "/bulk-delete", this::bulkDelete)
                .get(path + "/{id}", this::find)
                .patch(path + "/{id}", this::patch)
                .put(path + "/{id}", this::put)
                .delete(path + "/{id}", this::delete);
    }

    private void list(Context context) {
        List<T> entries = read(context, repository.read(view -> view.list(NEWEST_FIRST)));
        Answers.json(context, entries.stream().map(kind::json).toList());
    }

    private void find(Context context) {
        long id = id(context);
        T entry = read(context, repository.read(view -> view.findById(id))).orElseThrow(() -> notFound(id));
        Answers.json(context, kind.json(entry));
    }

    private void create(Context context) {
        answer(context, "created", repository.create(kind.create(fields.forCreate(context.bodyAsBytes()))));
    }

    private void put(Context context) {
        long id = id(context);
        update(context, id, fields.forPut(context.bodyAsBytes()));
    }

    private void patch(Context context) {
        long id = id(context);
        EntryValues change = fields.forPatch(context.bodyAsBytes());
        try {
            update(context, id, change);
        } catch (InvalidRecordException refused) {
            throw Problems.only("value_error", refused.reason(), "body", "value");
        }
    }

    private void update(Context context, long id, EntryValues changes) {
        Optional<T> updated = repository.update(id, entry -> kind.change(entry, changes));
        answer(context, "updated", updated.orElseThrow(() -> notFound(id)));
    }

    private void delete(Context context) {
        long id = id(context);
        if (!repository.delete(id)) {
            throw notFound(id);
        }
        Answers.json(context, "status", "deleted", "id", id);
    }

    private void bulkDelete(Context context) {
        int count = repository.deleteAll(EntryFields.ids(context.bodyAsBytes()));
        Answers.json(context, "status", "deleted", "count", count);
    }

    private void answer(Context context, String status, T entry) {
        Answers.json(context, "status", status, kind.name(), kind.json(entry));
    }

    private static <R> R read(Context context, Read<R> read) {
        read.staleAsOf().ifPresent(copy -> context.header(STALE_HEADER, copy.toString()));
        return read.value();
    }

    /** An integer too large for any record is the id of one that does not exist. */
    private long id(Context context) {
        String text = context.pathParam("id");
        if (!INTEGER.matcher(text).matches()) {
            throw Problems.only("int_parsing", "Input should be an integer", "path", "id");
        }
        if (!LONG.matcher(text).matches()) {
            throw new NotFoundResponse("There is no such " + kind.name());
        }
        return Long.parseLong(text);
    }

    private NotFoundResponse notFound(long id) {
        return new NotFoundResponse("There is no " + kind.name() + " " + id);
    }
}
