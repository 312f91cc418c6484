/** Stage CONVERT: each disk is copied into the target format, and the libvirt domain written. */
package io.hyper2kvm.stage.convert;
