/**
 * Stage FIX: the fixes, one class each, what they ask of the appliance, and their evidence. What
 * they change in the guest's files is decided in {@code guest}.
 */
package io.hyper2kvm.stage.fix;
