/** What is read of encrypted volumes: their headers, and the guest's tables that open them. */
package io.hyper2kvm.guest.luks;
