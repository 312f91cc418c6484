/**
 * Stage VALIDATE: the outputs are whole, hold what the fixed guest holds, and boot when that is
 * asked for.
 */
package io.hyper2kvm.stage.validate;
