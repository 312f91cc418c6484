/**
 * The keys of encrypted volumes: which key the configuration names for which VM and device, and how
 * its file is read. What the tools do with a key is for the stages.
 */
package io.hyper2kvm.tool.luks;
