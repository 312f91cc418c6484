/**
 * Boots a temporary copy of a guest under QEMU and decides from its observed signs whether it
 * booted: the command line, the dialogue with QEMU, the reading of consoles, the verdict. Other
 * packages decide the fixes and the disks of a guest.
 */
package io.hyper2kvm.tool.boot;
