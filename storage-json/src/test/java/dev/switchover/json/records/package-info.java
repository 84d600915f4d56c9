@NullMarked
package dev.switchover.json.records;

import org.jspecify.annotations.NullMarked;
