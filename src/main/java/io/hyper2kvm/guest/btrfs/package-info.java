/** Subvolumes of a btrfs: which one a mount means, and which one a guest has as its root. */
package io.hyper2kvm.guest.btrfs;
