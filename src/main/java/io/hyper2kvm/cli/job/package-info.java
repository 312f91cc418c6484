/** The state of the manifests in a workflow directory, as the commands read it, and its text. */
package io.hyper2kvm.cli.job;
