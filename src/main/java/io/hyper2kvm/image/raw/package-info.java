/** Plain disks. Partition tables are read as far as a disk's sector size depends on them. */
package io.hyper2kvm.image.raw;
