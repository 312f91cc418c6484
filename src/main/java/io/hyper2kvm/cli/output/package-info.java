/** The output of the commands: text for a reader, JSON for a script, and the streams for both. */
package io.hyper2kvm.cli.output;
