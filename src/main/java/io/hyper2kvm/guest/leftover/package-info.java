/**
 * What a former hypervisor left in a Linux guest: its tools, and the services, modules, mounts and
 * consoles that only it has. Which of them stop or delay a boot elsewhere, and how they are taken
 * out. Pure: from the guest's files to changes, and from a package manager's answers to decisions.
 */
package io.hyper2kvm.guest.leftover;
