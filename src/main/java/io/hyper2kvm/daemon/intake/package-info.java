/**
 * From the drop zone to the VMs: what is taken, by which name, how many at a time, and what is
 * given up on request. How a manifest ends belongs to {@code completion}.
 */
package io.hyper2kvm.daemon.intake;
