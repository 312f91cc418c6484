/**
 * The record beside a VM's first output: the sources and the pipeline of the outputs, and their
 * sizes and times, and what is signed of them. This package reads and writes it; LOAD decides which
 * outputs may be reused.
 */
package io.hyper2kvm.stage.provenance;
