package dev.switchover.storage;

import java.util.Optional;
import java.util.function.UnaryOperator;

/** Changes to several records, of several collections, that happen together. Used by one thread, inside its function. */
public interface UnitOfWork {

    <T, ID> Records<T, ID> on(CollectionDefinition<T, ID> collection);

    /** The envelope as this unit of work sees it; see {@link Storage#envelope}. */
    Envelope envelope(CollectionDefinition<?, ?> collection);

    /** The records of one collection as this unit of work sees and changes them. */
    interface Records<T, ID> {

        Optional<T> findById(ID id);

        /** See {@link Repository#create}. An id made by the store is known at once. */
        T create(T record);

        T save(T record);

        /** See {@link Repository#save(Object, long)}. */
        void save(T record, long expectedVersion);

        Optional<T> update(ID id, UnaryOperator<T> change);

        /** @return whether there was one */
        boolean delete(ID id);
    }
}
