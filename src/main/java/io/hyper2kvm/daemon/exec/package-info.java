/**
 * The {@code exec} steps of the routes: a tool call becomes a process with limits, and its end
 * becomes a result or a failure. The stages decide the arguments of a tool.
 */
package io.hyper2kvm.daemon.exec;
