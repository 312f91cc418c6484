/** Disk space: the need of a VM, the reservations of other VMs, and the free space. */
package io.hyper2kvm.stage.space;
