/**
 * A PostgreSQL of the examples' own: {@link dev.switchover.examples.embedded.EmbeddedDatabase}, and a way to it that can be
 * cut.
 */
@NullMarked
package dev.switchover.examples.embedded;

import org.jspecify.annotations.NullMarked;
