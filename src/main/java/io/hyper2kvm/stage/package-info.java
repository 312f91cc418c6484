/**
 * One class per stage of a VM's way: what its tools are to do, and what their answers mean for the
 * VM. The order of the stages and the running of the tools belong to the routes.
 */
package io.hyper2kvm.stage;
