/**
 * The virtual machine that is moved, as it is known: its hardware and how it starts. LOAD makes the
 * description, INSPECT completes it, the libvirt domain is made of it. How it is read from OVF or
 * from a guest is said elsewhere.
 */
package io.hyper2kvm.stage.machine;
