@NullMarked
package dev.switchover.metrics;

import org.jspecify.annotations.NullMarked;
