/**
 * What a manifest says: its model as records, reading it from JSON and YAML, and every reason why
 * one is refused, each with its place in the file. Nothing here touches the disks that a manifest
 * names, and nothing here knows how a stage does its work.
 */
package io.hyper2kvm.manifest;
