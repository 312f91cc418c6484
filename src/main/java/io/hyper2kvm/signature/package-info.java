/**
 * Signed statements about files: keys, DSSE envelopes and in-toto statements, as their
 * specifications describe them. What a statement says of a conversion belongs to {@code stage},
 * what it says of a report to {@code report}; whether the files are still as signed, to {@code
 * verify}.
 */
package io.hyper2kvm.signature;
