/**
 * The one dialogue with a VM's appliance: the session, its scripts and what guestfish prints. What
 * is asked, and what an answer means, is decided in the stages.
 */
package io.hyper2kvm.guestfish;
