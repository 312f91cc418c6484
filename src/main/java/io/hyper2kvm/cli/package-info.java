/**
 * The command line: what a user types becomes a configuration, an exit code and readable messages.
 * The work itself is in other packages; this one only calls them.
 */
package io.hyper2kvm.cli;
