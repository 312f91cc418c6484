/**
 * Checks whether this machine meets the daemon's requirements: one small class for each check,
 * which reports its finding and the action to take. The checks change nothing and touch no
 * manifest.
 */
package io.hyper2kvm.doctor;
