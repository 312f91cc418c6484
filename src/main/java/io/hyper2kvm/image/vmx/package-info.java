/**
 * Reads VMware's own descriptions: the lines of a .vmx, .vmtx or .vmsd file, the one machine with
 * its disks and network cards, and the list of its snapshots. Knows the text alone, not the files
 * that it names. All input counts as hostile.
 */
package io.hyper2kvm.image.vmx;
