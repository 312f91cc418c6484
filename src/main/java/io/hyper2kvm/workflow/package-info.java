/**
 * The workflow directory: its folders, its one owner, which files in the drop zone are manifests,
 * and where they go.
 */
package io.hyper2kvm.workflow;
