/**
 * VMDK: sparse headers, descriptors and their extents, as QEMU reads them. This package reads the
 * identity of a snapshot's parent; {@code probe} finds the parent itself.
 */
package io.hyper2kvm.image.vmdk;
