/**
 * The common parts of all readers of disk images: an image's bytes, its layout and lineage, its
 * facts and the reasons to refuse it, and its safe name for QEMU. This package knows no single
 * format; each has its own package below this one, and {@code probe} chooses among them. It runs no
 * tool and writes no image.
 */
package io.hyper2kvm.image;
