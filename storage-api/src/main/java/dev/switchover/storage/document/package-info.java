/**
 * JSON text as bytes: strict checking, merging and laying out, without changing a digit. Store implementations only.
 */
@NullMarked
package dev.switchover.storage.document;

import org.jspecify.annotations.NullMarked;
