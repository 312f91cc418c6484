/**
 * The dialogue with a VM's appliance: the guestfish session, its scripts and the output of
 * guestfish. The stages decide the questions and the meaning of the answers.
 */
package io.hyper2kvm.guestfish;
