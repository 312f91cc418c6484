/**
 * The web page's server and the HTTP API: who may ask, what is answered, and the limits that keep
 * any number of clients from disturbing the daemon. Its answers are made of {@code view}; the page
 * itself is static files in the program's archive. The management port is not here.
 */
package io.hyper2kvm.daemon.web;
