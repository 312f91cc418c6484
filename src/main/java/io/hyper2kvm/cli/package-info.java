/**
 * The command line: what a user types becomes a configuration, an exit code and readable messages.
 * What the program does stands elsewhere; here it is only called.
 */
package io.hyper2kvm.cli;
