/**
 * The records that the daemon writes for recovery after a crash, and the recovery that the next
 * start makes from them before its routes start. This package does not use Camel.
 */
package io.hyper2kvm.daemon.recovery;
