/**
 * The workflow directory: its folders, its one owner, which files in the drop zone are manifests,
 * where they go, and what to do with those that a dead process left behind.
 */
package io.hyper2kvm.workflow;
