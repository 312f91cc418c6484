/**
 * The workflow directory: its folders, its one owner and what that says of itself, which files in
 * the drop zone are manifests, and where they go. Also the other side of it: what is in the
 * directory now, and what somebody else than the owner may put there, which is manifests and
 * requests to give one up.
 */
package io.hyper2kvm.workflow;
