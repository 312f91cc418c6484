/**
 * All failures in one vocabulary: codes, each with a hint, and the exceptions that carry them. Uses
 * no other package of the program.
 */
package io.hyper2kvm.failure;
