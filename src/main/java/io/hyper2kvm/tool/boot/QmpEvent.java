package io.hyper2kvm.tool.boot;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * An event that QEMU sent.
 *
 * @param name the event's name, such as {@code SHUTDOWN}
 * @param data what belongs to it; a missing node when nothing does
 */
public record QmpEvent(String name, JsonNode data) {

  boolean byGuest() {
    return data.path("guest").asBoolean(false);
  }

  String reason() {
    return data.path("reason").asText("");
  }
}
