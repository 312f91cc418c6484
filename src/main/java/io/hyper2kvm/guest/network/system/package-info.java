/**
 * One class for each system that configures or names network cards: its files, and their changes.
 */
package io.hyper2kvm.guest.network.system;
