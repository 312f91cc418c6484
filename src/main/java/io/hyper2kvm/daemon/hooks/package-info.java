/**
 * The hooks of the routes: the points at which an operator's route is called, and the values that
 * it may read and change there. An operator's route affects the shipped routes only by an
 * exception.
 */
package io.hyper2kvm.daemon.hooks;
