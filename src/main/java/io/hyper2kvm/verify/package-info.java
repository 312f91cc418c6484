/**
 * Whether outputs and reports are still as they were signed, or as their record says. Reads files
 * that anybody may have written; writes nothing. Making signatures belongs to {@code signature}.
 */
package io.hyper2kvm.verify;
