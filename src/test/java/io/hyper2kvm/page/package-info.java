/**
 * The web page in a real browser, and what its files are. The browser is Debian's Chromium; what it
 * is shown are scenes, the answers of a daemon at one moment.
 */
package io.hyper2kvm.page;
