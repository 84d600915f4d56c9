/**
 * One thread that commits: everything that changes the store goes through {@link dev.switchover.json.commit.Committer}, in batches
 * that share one force. Nothing outside the JSON store enters.
 */
@NullMarked
package dev.switchover.json.commit;

import org.jspecify.annotations.NullMarked;
