package io.hyper2kvm.daemon.web;

import java.time.Duration;

/**
 * What all clients together may take.
 *
 * @param connections open at a time; a further one is closed at once
 * @param requests that wait for an answer at a time; a further one is answered with 503
 * @param uploads bodies that are received or worked on at a time; a further one is answered with
 *     503
 * @param body of the largest body, in bytes
 * @param waiting how long a client may take to send a request's head, and be silent between two
 * @param receiving how long it may take to send a body
 * @param answering how long it may take to read an answer, or 64 KiB of a long one
 */
record WebLimits(
    int connections,
    int requests,
    int uploads,
    long body,
    Duration waiting,
    Duration receiving,
    Duration answering) {

  /** For a daemon with manifests of at most the given size, in bytes. */
  static WebLimits of(long body) {
    return new WebLimits(
        512, 256, 4, body, Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofSeconds(60));
  }
}
