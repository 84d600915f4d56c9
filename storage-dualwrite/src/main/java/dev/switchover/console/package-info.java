/**
 * A page for operators that a service mounts where it likes: the phase, what is pending and parked, lag and drift over time. It knows
 * no web framework: {@link dev.switchover.console.Console} answers requests that the service hands it.
 */
@NullMarked
package dev.switchover.console;

import org.jspecify.annotations.NullMarked;
