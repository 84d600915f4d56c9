/**
 * What a service sees: it describes its records with {@link dev.switchover.storage.CollectionDefinition}, gets a
 * {@link dev.switchover.storage.Repository} from a {@link dev.switchover.storage.Storage}, and never learns which
 * store answers.
 *
 * <p>Enter by {@link dev.switchover.storage.Repository}. Store implementations live elsewhere and speak
 * {@code dev.switchover.storage.spi}.
 */
@NullMarked
package dev.switchover.storage;

import org.jspecify.annotations.NullMarked;
