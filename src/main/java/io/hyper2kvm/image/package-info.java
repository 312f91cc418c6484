/**
 * Reads disk image headers without QEMU: it names the real format, size and files of an image, and
 * refuses what could make a tool open anything else. It runs no tool, writes no file, and reads no
 * guest data beyond what a header needs.
 */
package io.hyper2kvm.image;
