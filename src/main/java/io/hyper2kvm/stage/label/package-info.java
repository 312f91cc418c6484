/**
 * The SELinux labels of the files that FIX writes: read before, checked and set afterwards, through
 * the appliance. Package {@code guest.selinux} decides which label a file gets.
 */
package io.hyper2kvm.stage.label;
