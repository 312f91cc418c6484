/**
 * Tells what a file is and reads it by its format's package, with its parents. This is the way in
 * for an image of any format; what one format's headers mean stands in the format's package.
 */
package io.hyper2kvm.image.probe;
