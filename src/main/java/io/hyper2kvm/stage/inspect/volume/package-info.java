/**
 * The guest's disks, partitions, logical volumes and arrays, with what lies on them. Nothing here
 * mounts a file system.
 */
package io.hyper2kvm.stage.inspect.volume;
