/**
 * The hardware that a description of a virtual machine describes, whatever form the description
 * has, and the order of its disks. Reading a form belongs to that form's package.
 */
package io.hyper2kvm.image.hardware;
