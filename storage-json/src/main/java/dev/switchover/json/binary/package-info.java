/**
 * Numbers and texts as bytes, for the journal and the checkpoint. Nothing outside the JSON store enters.
 */
@NullMarked
package dev.switchover.json.binary;

import org.jspecify.annotations.NullMarked;
