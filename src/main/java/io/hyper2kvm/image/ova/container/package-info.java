/**
 * The container of an export's files: a tar archive (an OVA), a compressed tar archive, a zip
 * archive or a folder. Lists the files, refuses unsafe names and entries, and opens each for
 * reading. It does not know the meaning of a file.
 */
package io.hyper2kvm.image.ova.container;
