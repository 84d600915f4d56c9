/**
 * The authority's records written out as the JSON files the service had: into the storage's own directory, where they are JSON's
 * copy, or into any other folder. Whole, verified, or not at all. Enter by {@link
 * dev.switchover.dualwrite.export.FolderExport} and {@link dev.switchover.dualwrite.export.DirectoryExport}; what a service sees of
 * it is {@link dev.switchover.dualwrite.export.ExportReport}.
 */
@NullMarked
package dev.switchover.dualwrite.export;

import org.jspecify.annotations.NullMarked;
