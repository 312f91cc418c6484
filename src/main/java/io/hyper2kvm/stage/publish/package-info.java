/**
 * The end of a VM that came through: its outputs get their names, and a record says what they were
 * made of.
 */
package io.hyper2kvm.stage.publish;
