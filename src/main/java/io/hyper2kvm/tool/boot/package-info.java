/**
 * Boots a throw-away copy of a guest under QEMU and decides from what it shows whether it came up:
 * the command line, the conversation with QEMU, the reading of consoles, the verdict. What a guest
 * needs changed, and which disks belong to it, is decided elsewhere.
 */
package io.hyper2kvm.tool.boot;
