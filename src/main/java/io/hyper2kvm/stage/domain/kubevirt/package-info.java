/**
 * A VM of KubeVirt's: its objects, its file, and what KubeVirt cannot have. This package knows
 * KubeVirt and CDI, and the machine as libvirt has it, but no jobs and no stages.
 */
package io.hyper2kvm.stage.domain.kubevirt;
