/**
 * Records in PostgreSQL tables, as documents or in typed columns. Enter by {@link dev.switchover.postgres.PostgresStorage} to use
 * PostgreSQL alone, or by {@link dev.switchover.postgres.PostgresStore}, the store that moves.
 *
 * <p>By their names: {@code DatabaseUrl…} (where it is), {@code …Writer} and {@code Combined…} (writes that share a statement),
 * {@code Mirror…} and {@code Paired…} (what follows another store), {@code Copy…} and {@code Bulk…} (all of a table), {@code
 * Table…} and {@code Schema…} (what tables there are and have to be).
 */
@NullMarked
package dev.switchover.postgres;

import org.jspecify.annotations.NullMarked;
