/**
 * The hooks of the routes: places at which an operator's route is called, and what it may read and
 * change there. What it does never reaches the shipped routes but by an exception.
 */
package io.hyper2kvm.daemon.hooks;
