/** PostgreSQL for tests, here and in the modules above. Enter by {@link dev.switchover.postgres.testing.TestDatabase}. */
@NullMarked
package dev.switchover.postgres.testing;

import org.jspecify.annotations.NullMarked;
