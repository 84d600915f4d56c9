/** Records in PostgreSQL tables, as documents or in typed columns. */
@NullMarked
package dev.switchover.postgres;

import org.jspecify.annotations.NullMarked;
