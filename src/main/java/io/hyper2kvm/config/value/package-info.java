/**
 * The kinds of values in the configuration: quantities with their units, and choices. This package
 * does not know the limits of a key, or the source of a value.
 */
package io.hyper2kvm.config.value;
