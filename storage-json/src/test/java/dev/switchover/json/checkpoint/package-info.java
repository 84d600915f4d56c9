@NullMarked
package dev.switchover.json.checkpoint;

import org.jspecify.annotations.NullMarked;
