/**
 * Reads what a VM was exported to: an OVF description with its disks, and archives with one disk.
 * Such an export is called an OVA here, whatever holds it. It names the disks in the order of the
 * virtual hardware and where their bytes lie, compares the checksums, and unpacks only what QEMU
 * cannot read in its place. Everything read is taken for hostile.
 */
package io.hyper2kvm.image.ova;
