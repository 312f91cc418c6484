/**
 * Escapes text from outside before it is shown, and compares words. Uses no other package of the
 * program.
 */
package io.hyper2kvm.text;
