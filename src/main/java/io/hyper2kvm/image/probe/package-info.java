/**
 * Detects the format of a file and reads it by the format's package, with its parents. This is the
 * entry point for an image of any format; the format's package interprets the headers.
 */
package io.hyper2kvm.image.probe;
