/**
 * Whole conversions: the program as its own process, real tools, real guests. What a smaller test
 * can show is shown elsewhere.
 */
package io.hyper2kvm.it;
