/**
 * cloud-init in a Linux guest: whether it would take the machine that was moved for a new instance,
 * and what keeps it from doing so. Pure.
 */
package io.hyper2kvm.guest.cloud;
