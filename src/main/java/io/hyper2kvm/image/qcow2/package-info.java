/** QCOW2, QEMU's disks: their header, and what in it refers to other files. */
package io.hyper2kvm.image.qcow2;
