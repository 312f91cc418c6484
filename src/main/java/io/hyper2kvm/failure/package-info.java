/**
 * What can go wrong, in one vocabulary: codes, each with a hint, and the exceptions that carry
 * them. Imports nothing of the program.
 */
package io.hyper2kvm.failure;
