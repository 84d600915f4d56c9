@NullMarked
package dev.switchover.console;

import org.jspecify.annotations.NullMarked;
