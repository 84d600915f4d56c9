package dev.switchover.json;

import dev.switchover.json.commit.Committer;
import dev.switchover.json.journal.Change;
import dev.switchover.json.records.CollectionState;
import dev.switchover.json.records.StoreState;
import dev.switchover.storage.RecordRefusedException;
import dev.switchover.storage.schema.CollectionSchema;
import org.jspecify.annotations.Nullable;

/** Ids given out before their records are written. They are reserved on the disk in blocks, so that no crash repeats one. */
final class IssuedIds {

    private static final int BLOCK = 64;

    private final StoreState state;
    private final Committer committer;

    IssuedIds(StoreState state, Committer committer) {
        this.state = state;
        this.committer = committer;
    }

    long next(CollectionSchema<?, ?> schema, @Nullable Long epoch) {
        CollectionState collection = state.of(schema);
        state.read(schema, read -> Writes.requireServed(read.entry(), schema, epoch));
        long last = collection.issued().getAndUpdate(id -> id == Long.MAX_VALUE ? id : id + 1);
        if (last == Long.MAX_VALUE) {
            throw new RecordRefusedException(
                    schema.name(), null, "all ids are used up; the highest one a sequence can make exists", null);
        }
        long id = last + 1;
        if (id > collection.reserved()) {
            reserve(schema, epoch, id);
        }
        return id;
    }

    private void reserve(CollectionSchema<?, ?> schema, @Nullable Long epoch, long id) {
        committer.commit(draft -> {
            Writes.requireServed(draft, schema, epoch);
            CollectionState collection = draft.committed(schema);
            if (id > collection.reserved()) {
                long upTo = Math.max(id, collection.issued().get());
                long block = upTo > Long.MAX_VALUE - BLOCK ? Long.MAX_VALUE : upTo + BLOCK;
                draft.add(schema, new Change.Reserved(schema.name(), block));
            }
            return id;
        });
    }
}
