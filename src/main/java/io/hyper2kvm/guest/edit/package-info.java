/**
 * A text of the guest, edited line by line with evidence: what changed, by which rule, and what was
 * left alone. Which lines change is decided in the other packages.
 */
package io.hyper2kvm.guest.edit;
