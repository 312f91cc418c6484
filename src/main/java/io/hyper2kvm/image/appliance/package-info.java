/**
 * Reads appliances: an OVF description with its disks, in a tar archive (an OVA), a compressed tar
 * archive, a zip archive or a folder. It names the disks in the order of the virtual hardware and
 * where their bytes lie, checks the appliance's checksums, and unpacks only what QEMU cannot read
 * in its place. Everything read is taken for hostile.
 */
package io.hyper2kvm.image.appliance;
