/**
 * The daemon's configuration: its keys, where their values come from, and every rule they must meet
 * before anything starts. This package does not start, open or create anything, and does not use
 * Camel.
 */
package io.hyper2kvm.config;
