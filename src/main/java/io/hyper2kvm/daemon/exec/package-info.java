/**
 * The {@code exec} steps of the routes: a tool's call becomes a process with limits, and its end a
 * result or a failure. Which arguments a tool gets is decided in the stages.
 */
package io.hyper2kvm.daemon.exec;
