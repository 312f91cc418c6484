/**
 * Reads exported VMs: an OVF description with its disks, a VMX with its disks as VMware itself
 * keeps them, and archives with one disk. All of them are called an OVA here, in any container. The
 * package lists the disks in the order of the virtual hardware with the places of their bytes,
 * compares the checksums, and unpacks only the disks that QEMU cannot read in place. All input
 * counts as hostile.
 */
package io.hyper2kvm.image.ova;
