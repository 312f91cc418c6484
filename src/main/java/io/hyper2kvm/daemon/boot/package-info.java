/**
 * Start and end of the program: its beans by name, the properties of its routes, the daemon, the
 * run without a daemon. What happens to a manifest in between belongs to the other packages.
 */
package io.hyper2kvm.daemon.boot;
