/** Which of a guest's kernel images belongs to which folder of modules; told by files alone. */
package io.hyper2kvm.guest.kernel;
