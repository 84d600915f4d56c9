@NullMarked
package dev.switchover.json.file;

import org.jspecify.annotations.NullMarked;
