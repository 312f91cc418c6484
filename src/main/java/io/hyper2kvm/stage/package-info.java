/**
 * One VM on its way ({@link io.hyper2kvm.stage.VmJob}), and what its stages share: its disks, the
 * files that it shares with its tools, the results that a stage hands on. It knows no stage. Each
 * stage has a package below this one, with its beans and the record of what it found; a stage may
 * use the results of those before it. The order of the stages and the running of the tools belong
 * to the routes.
 */
package io.hyper2kvm.stage;
