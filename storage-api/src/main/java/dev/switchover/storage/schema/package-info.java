/**
 * A definition compiled: ids, bodies and columns, and the rules that decide whether a record can be held exactly by both
 * stores. Enter by {@link dev.switchover.storage.schema.CollectionSchema}. Store implementations only.
 */
@NullMarked
package dev.switchover.storage.schema;

import org.jspecify.annotations.NullMarked;
