/**
 * Looks whether this machine can do the daemon's work: one small class for each thing that is
 * looked at, which says what it found and what to do about it. Nothing is changed, and no manifest
 * touched.
 */
package io.hyper2kvm.doctor;
