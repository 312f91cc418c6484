/** Which of the guest's files are read, within which bounds, and their texts. */
package io.hyper2kvm.stage.inspect.read;
