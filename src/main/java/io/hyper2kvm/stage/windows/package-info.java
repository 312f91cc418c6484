/**
 * The fix of a Windows, by virt-v2v-in-place: what the tool needs is looked for before it runs, and
 * what it did is read from the guest afterwards. What the readings mean is decided in {@code
 * guest.windows}.
 */
package io.hyper2kvm.stage.windows;
