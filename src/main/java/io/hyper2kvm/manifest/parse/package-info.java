/**
 * Readers of JSON and YAML that build one tree, whose nodes have line and column, within limits,
 * and report the problems found. This package does not know the meaning of the keys.
 */
package io.hyper2kvm.manifest.parse;
