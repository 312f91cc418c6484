/**
 * Stage FIX: which transformation goes to which file of this guest, through the appliance, with
 * evidence. The transformations themselves belong to {@code guest}.
 */
package io.hyper2kvm.stage.fix;
