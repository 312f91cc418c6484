/**
 * The log of one manifest, beside its report, and the marks by which the lines of the log are told
 * apart. Which manifest a thread works on is set by the routes' steps, in {@code observe}.
 */
package io.hyper2kvm.daemon.log;
