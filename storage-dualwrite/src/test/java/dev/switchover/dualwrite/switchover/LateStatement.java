package dev.switchover.dualwrite.switchover;

import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.Ledger;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.RecordStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * A broken connection in front of a real store: the k-th compare-and-set is sent, its client dies, and the statement arrives
 * when {@link #arrive} is called.
 */
final class LateStatement {

    private final RecordStore store;
    private final RecordStore server;
    private final int k;
    private final Runnable clientDies;
    private int seen;
    private @Nullable Runnable statement;

    /** @param server the same disk, as seen by nobody who dies */
    LateStatement(RecordStore store, RecordStore server, int k, Runnable clientDies) {
        this.store = store;
        this.server = server;
        this.k = k;
        this.clientDies = clientDies;
    }

    RecordStore broken() {
        Ledger ledger = proxy(Ledger.class, store.ledger());
        return (RecordStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {RecordStore.class}, (self, method, arguments) -> {
                    if (method.getName().equals("ledger")) {
                        return ledger;
                    }
                    return invoke(store, method, arguments);
                });
    }

    private <I> I proxy(Class<I> type, I target) {
        return type.cast(Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    if (method.getName().equals("compareAndSet") && ++seen == k) {
                        statement = () -> server.ledger()
                                .compareAndSet(
                                        (CollectionSchema<?, ?>) arguments[0],
                                        (LedgerEntry) arguments[1],
                                        (LedgerEntry) arguments[2],
                                        "late: " + arguments[3]);
                        clientDies.run();
                        throw new StoreUnavailableException(Store.POSTGRESQL, "the client is dead", null);
                    }
                    return invoke(target, method, arguments);
                }));
    }

    private static Object invoke(Object target, java.lang.reflect.Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    boolean sent() {
        return statement != null;
    }

    void arrive() {
        Runnable sent = statement;
        if (sent != null) {
            sent.run();
        }
    }
}
