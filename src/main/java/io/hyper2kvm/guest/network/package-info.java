/**
 * The plan of a Linux guest's network fix: pure text in (the guest's configuration files), pure
 * text out (edits with evidence), for ifupdown, netplan, systemd-networkd, NetworkManager, ifcfg
 * and wicked. Reading and writing the guest's disk, and putting {@code .link} files into an
 * initramfs, belong elsewhere.
 */
package io.hyper2kvm.guest.network;
