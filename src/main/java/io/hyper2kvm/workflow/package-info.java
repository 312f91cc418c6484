/**
 * The workflow directory: its folders, its owner and the owner's record, which files in the drop
 * zone are manifests, and their destinations. Also the view of the commands: the current content of
 * the directory, and the files that others than the owner may put there, which are submissions and
 * requests to cancel a manifest.
 */
package io.hyper2kvm.workflow;
