/**
 * The menus of boot loaders: which entries there are, which one starts by itself, and what makes
 * another one start. What stands on the kernels' command lines belongs to the package above.
 */
package io.hyper2kvm.guest.boot.menu;
