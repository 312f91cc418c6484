/**
 * The end of a VM that passed its checks: its outputs are renamed into place, with a record of
 * their sources.
 */
package io.hyper2kvm.stage.publish;
