/**
 * SELinux in a guest: whether it is on, which label its policy gives a file, and what happens to
 * the labels of files that were written from outside. Nothing here asks the appliance.
 */
package io.hyper2kvm.guest.selinux;
