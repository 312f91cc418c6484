/**
 * The running program: its routes' beans, its start and its end. The only package that knows Camel.
 */
package io.hyper2kvm.daemon;
