/**
 * The recognition of a Windows guest by its registry, which the appliance reads. What the values
 * mean is decided in {@code guest.windows}.
 */
package io.hyper2kvm.stage.inspect.windows;
