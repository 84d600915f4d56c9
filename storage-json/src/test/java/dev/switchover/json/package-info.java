@NullMarked
package dev.switchover.json;

import org.jspecify.annotations.NullMarked;
