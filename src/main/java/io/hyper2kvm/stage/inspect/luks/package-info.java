/**
 * The encrypted containers of a guest: they are found, opened with the configured keys, and named
 * as the guest names them. Nothing here knows what lies in them.
 */
package io.hyper2kvm.stage.inspect.luks;
