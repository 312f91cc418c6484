/**
 * The one table of Linux distributions: who they are, where they keep what, with which tools they
 * work, and what they do in a way of their own. Whoever needs to know how a distribution differs
 * asks it here; an unknown one gets what is generic.
 */
package io.hyper2kvm.guest.distribution;
