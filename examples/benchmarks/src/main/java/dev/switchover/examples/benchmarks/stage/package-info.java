/** What every alternative is given alike: the records, the PostgreSQL server, the directory. */
@NullMarked
package dev.switchover.examples.benchmarks.stage;

import org.jspecify.annotations.NullMarked;
