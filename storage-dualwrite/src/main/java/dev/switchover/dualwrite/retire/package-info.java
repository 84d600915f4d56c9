/**
 * The end of the road: JSON's files go into an archive, and PostgreSQL's ledger keeps that there are none. Enter by {@link
 * dev.switchover.dualwrite.retire.Retirement}; an export into the directory is the way back.
 */
@NullMarked
package dev.switchover.dualwrite.retire;

import org.jspecify.annotations.NullMarked;
