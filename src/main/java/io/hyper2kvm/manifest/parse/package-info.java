/**
 * JSON and YAML read into one tree whose nodes know their line and column, within limits, and the
 * problems found on the way. What the keys mean is not known here.
 */
package io.hyper2kvm.manifest.parse;
