/**
 * Stage LOAD: the source is checked and fingerprinted, and each disk gets an overlay. This stage
 * makes every possible refusal before a tool reads the source.
 */
package io.hyper2kvm.stage.load;
