/**
 * The state of a guest's file systems and swap areas, asked before anything of the guest is changed
 * and again after the fixes. Package {@code guest.state} reads the answers.
 */
package io.hyper2kvm.stage.inspect.state;
