/**
 * What a guest does once, at its first boot after the conversion: how its init starts it, the
 * program that does it in order and takes itself out, the removal of guest tools, and an operator's
 * script. Pure: from the guest's files and the script's bytes to changes and refusals.
 */
package io.hyper2kvm.guest.firstboot;
