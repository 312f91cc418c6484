/**
 * What a monitoring system asks a running daemon: health checks and metrics, answered on the
 * management port. Nothing here decides about a manifest, and a question never waits for a file
 * system. The checks of one part, such as the intake, are in its package.
 */
package io.hyper2kvm.daemon.observe;
