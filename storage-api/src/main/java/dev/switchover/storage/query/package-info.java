/**
 * What a {@link dev.switchover.storage.Query} means: kinds, comparison and order, the same for every store. Enter by
 * {@link dev.switchover.storage.query.QueryEvaluator}. Store implementations only.
 */
@NullMarked
package dev.switchover.storage.query;

import org.jspecify.annotations.NullMarked;
