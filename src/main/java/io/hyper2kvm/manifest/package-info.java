/**
 * The manifest: its model as records, its readers for JSON and YAML, and every reason to refuse
 * one, each with its place in the file. This package does not touch the disks that a manifest
 * names, and does not know the stages.
 */
package io.hyper2kvm.manifest;
