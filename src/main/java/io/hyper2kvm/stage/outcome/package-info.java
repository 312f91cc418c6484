/** The outcome of a VM, assembled from its job and the results of its stages. */
package io.hyper2kvm.stage.outcome;
