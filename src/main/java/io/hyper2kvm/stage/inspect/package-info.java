/**
 * Stage INSPECT: the VM's appliance, from its start to its end, and the facts about the guest that
 * it returns.
 */
package io.hyper2kvm.stage.inspect;
