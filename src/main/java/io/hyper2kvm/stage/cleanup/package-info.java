/** What a job must not leave behind, after its end and after its daemon was killed. */
package io.hyper2kvm.stage.cleanup;
