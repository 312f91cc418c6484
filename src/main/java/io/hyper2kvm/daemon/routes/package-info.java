/**
 * Checks the operator's route files before they run. It reads them, builds them in a context of
 * their own, and starts nothing.
 */
package io.hyper2kvm.daemon.routes;
