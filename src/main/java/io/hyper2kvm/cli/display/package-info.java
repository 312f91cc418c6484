/** The display of running work: a terminal's live lines, a log's lines, progress bars. */
package io.hyper2kvm.cli.display;
