/**
 * What UEFI firmware finds to start on a guest's EFI system partitions, and what must be put there
 * so that a machine without the old one's boot entries starts. Decisions only: the stages read and
 * copy the files.
 */
package io.hyper2kvm.guest.boot.uefi;
