/** The whole path of the planner, played on real processes; enter by {@link dev.switchover.examples.materials.story.Story}. */
@NullMarked
package dev.switchover.examples.materials.story;

import org.jspecify.annotations.NullMarked;
