/** What the commands know of the manifests in a workflow directory, and how a line says it. */
package io.hyper2kvm.cli.job;
