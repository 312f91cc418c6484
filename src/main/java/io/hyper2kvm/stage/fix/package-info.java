/**
 * Stage FIX: the fixes, one class each, their questions to the appliance, and their evidence.
 * Package {@code guest} decides the changes in the guest's files.
 */
package io.hyper2kvm.stage.fix;
