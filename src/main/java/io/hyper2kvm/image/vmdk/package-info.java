/**
 * VMDK: sparse headers, descriptors and their extents, as QEMU reads them. Who a snapshot's parent
 * is stands here; the parent itself is found by {@code probe}.
 */
package io.hyper2kvm.image.vmdk;
