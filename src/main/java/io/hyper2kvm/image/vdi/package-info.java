/** VDI, VirtualBox's disks: their header. */
package io.hyper2kvm.image.vdi;
