/**
 * Says what is wrong with the operator's route files before they are run. It reads them, builds
 * them in a context of their own, and starts nothing.
 */
package io.hyper2kvm.daemon.routes;
