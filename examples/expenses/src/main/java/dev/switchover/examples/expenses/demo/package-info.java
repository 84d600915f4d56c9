/** Walks the whole story, from JSON files to PostgreSQL and back. */
@NullMarked
package dev.switchover.examples.expenses.demo;

import org.jspecify.annotations.NullMarked;
