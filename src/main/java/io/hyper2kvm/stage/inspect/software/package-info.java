/**
 * What of the former hypervisor and of clouds is in a Linux guest: its tools, what they start, and
 * cloud-init. What it means is decided in {@code guest.leftover} and {@code guest.cloud}.
 */
package io.hyper2kvm.stage.inspect.software;
