/**
 * The daemon's configuration: its keys, where their values come from, and every rule they must meet
 * before anything starts. Nothing here starts, opens or creates anything, and Camel is not known
 * here.
 */
package io.hyper2kvm.config;
