/**
 * Stage INSPECT: the VM's one appliance, from its start to its end, and what it tells of the guest.
 */
package io.hyper2kvm.stage.inspect;
