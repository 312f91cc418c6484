/**
 * From the drop zone to the VMs: which manifests are taken, their names, how many at a time, and
 * which are cancelled on request. The end of a manifest belongs to {@code completion}.
 */
package io.hyper2kvm.daemon.intake;
