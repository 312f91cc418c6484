/**
 * The kernels of a guest as firmware sees them: unified images, and signatures for Secure Boot.
 * What is asked and what was found; what follows from it is decided in package {@code guest.boot}
 * and in the stage FIX.
 */
package io.hyper2kvm.stage.inspect.uki;
