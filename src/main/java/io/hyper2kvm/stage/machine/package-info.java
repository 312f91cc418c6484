/**
 * The virtual machine that is moved, as far as it is known: its hardware, and by what it starts.
 * LOAD makes the description, INSPECT completes it, and the libvirt domain is made of it. Reading
 * it from an OVF or from a guest belongs to those stages.
 */
package io.hyper2kvm.stage.machine;
