/**
 * The libvirt domain of a VM: the hardware that it gets, and its XML. Of libvirt and of a machine's
 * description it knows, of jobs and stages nothing.
 */
package io.hyper2kvm.stage.domain;
