/**
 * LVM's own configuration: which devices it looks at for volumes. What is in the volumes belongs to
 * the tables that mount them.
 */
package io.hyper2kvm.guest.lvm;
