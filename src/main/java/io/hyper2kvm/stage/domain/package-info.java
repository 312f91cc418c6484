/**
 * The libvirt domain of a VM: its hardware and its XML. This package knows libvirt and a machine's
 * description, but no jobs and no stages.
 */
package io.hyper2kvm.stage.domain;
