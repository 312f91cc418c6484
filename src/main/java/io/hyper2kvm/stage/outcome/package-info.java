/** What became of a VM, assembled from its job and from what its stages found. */
package io.hyper2kvm.stage.outcome;
