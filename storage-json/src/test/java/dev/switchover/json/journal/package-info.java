@NullMarked
package dev.switchover.json.journal;

import org.jspecify.annotations.NullMarked;
