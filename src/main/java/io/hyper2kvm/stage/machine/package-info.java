/**
 * The known facts about the virtual machine that is moved: its hardware, and its firmware and boot
 * disk. LOAD makes the description, INSPECT completes it, and the libvirt domain is made of it.
 * Reading it from an OVF or from a guest belongs to those stages.
 */
package io.hyper2kvm.stage.machine;
