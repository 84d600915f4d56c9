/**
 * How a store looks from behind: the small interface through which raw records, pending marks and ledger entries move between
 * stores. Enter by {@link dev.switchover.storage.spi.RecordStore}. Services stay out.
 */
@NullMarked
package dev.switchover.storage.spi;

import org.jspecify.annotations.NullMarked;
