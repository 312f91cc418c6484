/**
 * Start and end of the program: its beans by name, the properties of its routes, the daemon, the
 * run without a daemon. The processing of manifests belongs to the other packages.
 */
package io.hyper2kvm.daemon.boot;
