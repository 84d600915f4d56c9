/** A renovation planner over HTTP. */
@NullMarked
package dev.switchover.examples.materials;

import org.jspecify.annotations.NullMarked;
