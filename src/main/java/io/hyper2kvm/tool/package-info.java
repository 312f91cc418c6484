/**
 * The external programs: their argument lists, their answers, their processes and what this machine
 * can do. Knows neither manifests nor Camel; what an answer means for a VM is decided in the
 * stages.
 */
package io.hyper2kvm.tool;
