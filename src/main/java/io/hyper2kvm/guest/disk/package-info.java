/** The guest's disks, partitions and volumes, and every name that a guest may have for them. */
package io.hyper2kvm.guest.disk;
