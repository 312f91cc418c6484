/**
 * What a manifest says, as records: valid or not there. How it is read belongs to {@code parse},
 * what is wrong with one to {@code rules}.
 */
package io.hyper2kvm.manifest.model;
