package dev.switchover.storage;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The records of one collection. The caller cannot tell, and need not know, which store answers.
 *
 * <p>What every implementation promises:
 *
 * <ul>
 *   <li><b>Durable.</b> When a method that writes returns, the write survives whatever happens next to the process or
 *       the machine. When it throws, the write did not happen, except for {@link UnknownOutcomeException}.
 *   <li><b>All or nothing.</b> Each call, {@link #saveAll} and {@link #deleteAll} included, happens whole or not at all.
 *   <li><b>Exact.</b> What went in comes out. What either store could not hold exactly is refused with {@link
 *       InvalidRecordException} in every phase, before anything is written.
 *   <li><b>Order.</b> Without a sort, records come in the collection's order: the order they were created in (for an
 *       existing file, the order of the file). Every sort ends in that order.
 *   <li><b>Threads.</b> Any number of threads may call. Writes of one record happen one after the other.
 * </ul>
 *
 * <p>Every method throws {@link StoreUnavailableException} when the primary cannot be reached in time, {@link
 * FencedException} when another instance has switched the collection to another phase, and {@link
 * StorageClosedException} after close.
 *
 * @param <T> the record class
 * @param <ID> {@code Long}, {@code String}, {@code UUID}, or a record of the properties the id is composed of
 */
public interface Repository<T, ID> {

    /** The definition this repository was made from. */
    CollectionDefinition<T, ID> definition();

    /**
     * Stores a new record. Where the store makes the ids, the id of {@code record} must be absent (null, or 0 for a
     * primitive), and the result carries the new one; an id given all the same is kept and never issued again.
     *
     * @return the record as stored, with its id
     * @throws RecordExistsException if there is a record with this id
     */
    T create(T record);

    /** Stores the record whole, whether or not there is one with its id. Without an id it is a {@link #create}. */
    T save(T record);

    /**
     * Stores the record if the one stored has exactly this version.
     *
     * @param expectedVersion the version read before, or 0 for "there is none"
     * @throws VersionConflictException with the expected and the actual version
     */
    Versioned<T> save(T record, long expectedVersion);

    /** Stores all of them, or none. Two records with one id: the later one counts. An id that is made is none of those given. */
    List<T> saveAll(Iterable<? extends T> records);

    Optional<T> findById(ID id);

    Optional<Versioned<T>> findVersioned(ID id);

    boolean exists(ID id);

    default List<T> findAll() {
        return list(Query.all());
    }

    List<T> list(Query query);

    /** The records as they were at one moment, read as the stream advances. Close it: it may hold a connection. */
    Stream<T> stream(Query query);

    /** One page and the key to the next one; give it to {@link Query#after}. The query needs a limit. */
    Page<T> page(Query query);

    default long count() {
        return count(Query.all());
    }

    /** How many records match the filters; sort, limit and offset are ignored. */
    long count(Query query);

    /**
     * Reads the record, changes it and stores the result, as one step: no write of others can come between. Properties
     * that the record class does not know stay as they are.
     *
     * @param change a pure function; it may be called again when another write came first. It must keep the id.
     * @return the changed record, or empty if there is none with this id
     */
    Optional<T> update(ID id, UnaryOperator<T> change);

    /** @return whether there was one */
    boolean delete(ID id);

    /**
     * Deletes the record if it has exactly this version.
     *
     * @throws VersionConflictException with the expected and the actual version
     */
    void delete(ID id, long expectedVersion);

    /** Deletes all of them, or none. @return how many there were */
    int deleteAll(Collection<? extends ID> ids);

    /**
     * Reads, and tells whether the answer is stale. {@code read} gets a view of this repository and may call any of its
     * reading methods; the oldest copy used is the one reported.
     */
    <R> Read<R> read(Function<? super Repository<T, ID>, R> read);
}
