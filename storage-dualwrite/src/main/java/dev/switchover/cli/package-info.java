/**
 * The command line: everything an operator asks, from a shell, cron or a Kubernetes job, beside a running service or without
 * one. Enter by {@link dev.switchover.cli.SwitchoverCommand}, which a service can mount in its own {@code main}; {@link
 * dev.switchover.cli.Main} is the runnable jar's. Needs picocli and progressbar, which are optional dependencies: nothing
 * outside of this package may name it.
 */
@NullMarked
package dev.switchover.cli;

import org.jspecify.annotations.NullMarked;
