/**
 * The files inside an initramfs that name disks as the old machine had them, and what they must say
 * to be right on the new one. How they get into the archive is not decided here.
 */
package io.hyper2kvm.guest.initramfs.names;
