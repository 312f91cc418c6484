/**
 * The state of a workflow directory as it can be read from its files, for the commands and for the
 * web page: lists of manifests, how far each has come, and how it ended. Everything here reads
 * files that may be damaged, hostile, or gone at the moment of the look; the work of each call is
 * bounded. How that is shown belongs to {@code cli} and {@code daemon.web}.
 */
package io.hyper2kvm.view;
