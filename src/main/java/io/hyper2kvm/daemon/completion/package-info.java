/**
 * From the end of the VMs to the end of their manifest: collects and judges the outcomes, writes
 * the report, and chooses the manifest's destination. Taking manifests belongs to {@code intake}.
 */
package io.hyper2kvm.daemon.completion;
