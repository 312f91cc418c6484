/**
 * When a manifest's VMs may begin, and in which order manifests are taken: the values, their
 * spelling, and what holds at a moment. Nothing here asks for the time; the caller says it. Who
 * waits for a window belongs to {@code daemon.intake}.
 */
package io.hyper2kvm.manifest.schedule;
