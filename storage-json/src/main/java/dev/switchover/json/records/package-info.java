/**
 * The committed state in memory: records, pending ids, ledgers. Enter by {@link
 * dev.switchover.json.records.StoreState}. Nothing outside the JSON store enters.
 */
@NullMarked
package dev.switchover.json.records;

import org.jspecify.annotations.NullMarked;
