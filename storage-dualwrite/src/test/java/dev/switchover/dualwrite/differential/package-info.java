/**
 * Long random histories, played on the JSON store, on PostgreSQL and on both with flags that flip, and on a model that is as
 * plain as it can be: all must give the same answers and errors. Enter by {@link
 * dev.switchover.dualwrite.differential.DifferentialTest}.
 */
@NullMarked
package dev.switchover.dualwrite.differential;

import org.jspecify.annotations.NullMarked;
