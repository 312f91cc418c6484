/**
 * From the VMs to the end of their manifest: outcomes are collected, judged and reported, and the
 * manifest gets its place. What is taken in belongs to {@code intake}.
 */
package io.hyper2kvm.daemon.completion;
