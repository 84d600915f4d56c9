package dev.switchover.storage.repository;

import dev.switchover.storage.RecordExistsException;
import dev.switchover.storage.UnitOfWork;
import dev.switchover.storage.VersionConflictException;
import dev.switchover.storage.schema.CheckedRecord;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The records of one collection inside a unit of work. */
final class SessionRecords<T, ID> implements UnitOfWork.Records<T, ID> {

    private final UnitOfWorkSession session;
    private final CollectionSchema<T, ID> schema;

    SessionRecords(UnitOfWorkSession session, CollectionSchema<T, ID> schema) {
        this.session = session;
        this.schema = schema;
    }

    @Override
    public Optional<T> findById(ID id) {
        RecordId recordId = schema.recordId(id);
        return session.find(schema, recordId).map(body -> schema.decode(recordId, body));
    }

    @Override
    public T create(T record) {
        CheckedRecord checked = schema.encode(record);
        RecordId id = checked.id();
        if (id == null) {
            return insert(checked);
        }
        if (session.find(schema, id).isPresent()) {
            throw new RecordExistsException(schema.name(), id.text());
        }
        return put(id, checked.body());
    }

    @Override
    public T save(T record) {
        CheckedRecord checked = schema.encode(record);
        RecordId id = checked.id();
        return id == null ? insert(checked) : put(id, checked.body());
    }

    @Override
    public void save(T record, long expectedVersion) {
        CheckedRecord checked = schema.encode(record);
        RecordId id = checked.id();
        if (id == null) {
            if (expectedVersion != 0) {
                throw new VersionConflictException(schema.name(), "(new)", expectedVersion, 0);
            }
            insert(checked);
            return;
        }
        long actual = session.storedVersion(schema, id);
        if (actual != expectedVersion) {
            throw new VersionConflictException(schema.name(), id.text(), expectedVersion, actual);
        }
        if (expectedVersion == 0 && session.find(schema, id).isPresent()) {
            throw new RecordExistsException(schema.name(), id.text());
        }
        put(id, checked.body());
    }

    @Override
    public Optional<T> update(ID id, UnaryOperator<T> change) {
        RecordId recordId = schema.recordId(id);
        return session.find(schema, recordId).map(body -> {
            RawRecord seen = new RawRecord(recordId, 0, 0, body);
            return put(recordId, Change.apply(schema, seen, change).body());
        });
    }

    @Override
    public boolean delete(ID id) {
        RecordId recordId = schema.recordId(id);
        if (session.find(schema, recordId).isEmpty()) {
            return false;
        }
        session.delete(schema, recordId);
        return true;
    }

    private T insert(CheckedRecord checked) {
        RecordId id = session.newId(schema);
        return put(id, schema.withId(checked.body(), id));
    }

    private T put(RecordId id, byte[] body) {
        session.put(schema, id, body);
        return schema.decode(id, body);
    }
}
