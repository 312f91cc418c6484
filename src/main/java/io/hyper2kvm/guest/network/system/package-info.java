/**
 * One class for each system that configures or names network cards: what its files say, and how
 * they change.
 */
package io.hyper2kvm.guest.network.system;
