@NullMarked
package dev.switchover.json.recovery;

import org.jspecify.annotations.NullMarked;
