/**
 * Stage LOAD: the source is checked and fingerprinted, and each disk gets an overlay. Everything
 * that can be refused is refused here, before a tool sees the source.
 */
package io.hyper2kvm.stage.load;
