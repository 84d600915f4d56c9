@NullMarked
package dev.switchover.json.directory;

import org.jspecify.annotations.NullMarked;
