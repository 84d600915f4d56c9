/**
 * A collection's file written somewhere else, in the very layout the store gives it. Enter by {@link
 * dev.switchover.json.export.ExportedFile}; for the router's export only.
 */
@NullMarked
package dev.switchover.json.export;

import org.jspecify.annotations.NullMarked;
