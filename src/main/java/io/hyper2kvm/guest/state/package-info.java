/**
 * The state of a guest's file systems and swap areas, read from their first blocks and from what a
 * kernel said of them. Nothing here asks the appliance.
 */
package io.hyper2kvm.guest.state;
