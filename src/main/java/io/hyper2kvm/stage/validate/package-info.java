/**
 * Stage VALIDATE: checks that the outputs are complete, equal the fixed guest, and, if requested,
 * boot.
 */
package io.hyper2kvm.stage.validate;
