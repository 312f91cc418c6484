/**
 * Reads OVF descriptions: the one virtual machine with its disks, network cards and firmware. Knows
 * the description alone, not the files that it names.
 */
package io.hyper2kvm.image.ova.ovf;
