/**
 * What all configuration systems share: the cards and names that were found, their order, and the
 * repair that is decided for them.
 */
package io.hyper2kvm.guest.network.survey;
