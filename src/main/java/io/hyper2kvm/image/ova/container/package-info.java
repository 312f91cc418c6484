/**
 * What holds an export's files: a tar archive (an OVA), a compressed tar archive, a zip archive or
 * a folder. Lists the files, refuses unsafe names and entries, and opens each for reading; what a
 * file means is not known here.
 */
package io.hyper2kvm.image.ova.container;
