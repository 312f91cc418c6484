/** What a Windows guest's registry says of the system. Pure. */
package io.hyper2kvm.guest.windows;
