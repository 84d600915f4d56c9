package dev.switchover.storage;

import java.util.List;
import java.util.Optional;

/**
 * One page of a query.
 *
 * @param next the key to give to {@link Query#after} for what follows; empty on the last page. It stays valid when
 *     records are added or deleted, the last one of the page included.
 */
public record Page<T>(List<T> records, Optional<PageKey> next) {
    public Page {
        records = List.copyOf(records);
    }
}
