/** Whether there is room: what a VM needs, what others have reserved, and what is free. */
package io.hyper2kvm.stage.space;
