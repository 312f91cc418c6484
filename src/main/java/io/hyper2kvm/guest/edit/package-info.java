/**
 * The one model of an edit: a text of the guest, edited line by line with evidence (what changed,
 * by which rule, and what was left alone), the files to write or remove, and the plan of a whole
 * fix. The other packages decide which lines change.
 */
package io.hyper2kvm.guest.edit;
