/**
 * What is written for a VM's target, whichever it is, and what of it is known before a run. The
 * targets themselves are in {@code stage.domain} and below.
 */
package io.hyper2kvm.stage.description;
