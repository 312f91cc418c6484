/**
 * How answers of the commands are written: text for a reader, JSON for a script, and the streams
 * they go to.
 */
package io.hyper2kvm.cli.output;
