/**
 * The libvirt domain of a converted VM: what it is and how it is written. Knows nothing of jobs and
 * stages.
 */
package io.hyper2kvm.stage.convert.domain;
