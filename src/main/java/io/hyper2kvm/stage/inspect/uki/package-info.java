/**
 * The unified kernel images of a guest: what is asked of them, and what was found. What follows
 * from it is decided in package {@code guest.boot} and in the stage FIX.
 */
package io.hyper2kvm.stage.inspect.uki;
