/** What makes the start of the process shorter. */
package io.hyper2kvm.cli.start;
