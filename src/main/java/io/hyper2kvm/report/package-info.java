/**
 * What became of a manifest: outcomes, the report and error files made of them, and the live
 * status; all written so that a reader sees either the old or the new file, and read back here by
 * those who ask. How an outcome comes about is no matter of this package.
 */
package io.hyper2kvm.report;
