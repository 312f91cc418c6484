/**
 * The end of a VM that passed its checks: its outputs are hashed and signed where that is
 * configured, and renamed into place, with a record of their sources.
 */
package io.hyper2kvm.stage.publish;
