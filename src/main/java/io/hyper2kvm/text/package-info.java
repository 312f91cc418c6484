/**
 * Text from outside, shown harmlessly; and words compared. Uses no other package of the program.
 */
package io.hyper2kvm.text;
