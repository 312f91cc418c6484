/**
 * The results of a manifest: outcomes, the report and error files made of them, and the live
 * status. Each file is written so that a reader sees either the old or the new one; this package
 * also reads them back for the commands. It does not decide the outcomes.
 */
package io.hyper2kvm.report;
