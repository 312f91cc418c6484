/**
 * The common parts of all configuration systems: the network cards and names that were found, their
 * order, and the chosen repair.
 */
package io.hyper2kvm.guest.network.survey;
