/**
 * The kinds of values that the configuration has: quantities with their units, and choices. What a
 * key allows, and where it was written, is not known here.
 */
package io.hyper2kvm.config.value;
