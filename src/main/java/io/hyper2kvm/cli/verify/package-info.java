/** What the command {@code verify} prints: for a reader, and for a script. */
package io.hyper2kvm.cli.verify;
