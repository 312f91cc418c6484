/**
 * VHD (QEMU's vpc): footer, headers and block table, and the blocks of differencing disks. Who the
 * parent is stands here; the parent itself is found by {@code probe}.
 */
package io.hyper2kvm.image.vhd;
