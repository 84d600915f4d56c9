/**
 * What operators' work found or did, as JSON and with a history. Enter by {@link dev.switchover.dualwrite.report.Reports}; a report
 * of your own becomes JSON by {@link dev.switchover.dualwrite.report.ReportJson}.
 */
@NullMarked
package dev.switchover.dualwrite.report;

import org.jspecify.annotations.NullMarked;
