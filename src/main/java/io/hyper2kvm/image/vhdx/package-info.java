/**
 * VHDX: headers, regions, metadata, log and block table, and the blocks of differencing disks. This
 * package reads the identity of the parent; {@code probe} finds the parent itself.
 */
package io.hyper2kvm.image.vhdx;
