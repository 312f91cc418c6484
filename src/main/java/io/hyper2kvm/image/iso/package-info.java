/** ISO 9660 images: the names of the files in them, read without QEMU or an appliance. */
package io.hyper2kvm.image.iso;
