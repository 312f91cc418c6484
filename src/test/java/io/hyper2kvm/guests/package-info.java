/** What the tests found of each kind of guest, and docs/guests.md, which is made of it. */
package io.hyper2kvm.guests;
