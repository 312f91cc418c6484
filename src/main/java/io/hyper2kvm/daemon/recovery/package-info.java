/**
 * What one process of the daemon writes down so that the next one can go on when it is killed, and
 * what the next one does about it before its routes start. Camel is not known here.
 */
package io.hyper2kvm.daemon.recovery;
