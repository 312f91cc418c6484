/**
 * The external programs: their argument lists, their answers, their processes and the capabilities
 * of this machine. Knows neither manifests nor Camel; the stages decide the meaning of an answer
 * for a VM.
 */
package io.hyper2kvm.tool;
