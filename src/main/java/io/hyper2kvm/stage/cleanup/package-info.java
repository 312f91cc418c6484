/** Removes the files and processes of a job, after its end and after its daemon was killed. */
package io.hyper2kvm.stage.cleanup;
