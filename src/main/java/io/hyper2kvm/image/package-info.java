/**
 * What every reader of disk images shares: an image's bytes, its layout and lineage, what it is and
 * why it is refused, and its safe name for QEMU. Nothing here knows one format; each has a package
 * of its own below this one, and {@code probe} chooses among them. No tool is run, no image is
 * written.
 */
package io.hyper2kvm.image;
