/**
 * The content of a manifest as records, which are valid or do not exist. Reading belongs to {@code
 * parse}, checking to {@code rules}.
 */
package io.hyper2kvm.manifest.model;
