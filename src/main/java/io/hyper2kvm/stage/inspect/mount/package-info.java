/** The search for the guest's root, and the mounts of its file systems in the appliance. */
package io.hyper2kvm.stage.inspect.mount;
