/** Scripture references in videos: a batch job that reads transcripts, and a page that shows what it found. */
@NullMarked
package dev.switchover.examples.videos;

import org.jspecify.annotations.NullMarked;
