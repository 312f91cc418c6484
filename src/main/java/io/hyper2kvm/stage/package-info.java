/**
 * One running VM ({@link io.hyper2kvm.stage.VmJob}), and the common parts of its stages: its disks,
 * the files that it shares with its tools, and the results that a stage hands on. This package
 * knows no stage. Each stage has a package below this one, with its beans and the record of its
 * results; a stage may use the results of earlier stages. The order of the stages and the running
 * of the tools belong to the routes.
 */
package io.hyper2kvm.stage;
