/**
 * The record beside a VM's first output: what the outputs were made of, how, and how they looked.
 * It is read and written here; which outputs may be used again is decided in LOAD.
 */
package io.hyper2kvm.stage.provenance;
