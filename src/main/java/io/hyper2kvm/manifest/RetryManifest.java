package io.hyper2kvm.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyper2kvm.manifest.model.Manifest;
import io.hyper2kvm.manifest.model.VmSpec;
import io.hyper2kvm.manifest.parse.ManifestInvalidException;
import io.hyper2kvm.manifest.parse.NodeJson;
import io.hyper2kvm.manifest.parse.SourceText;
import io.hyper2kvm.manifest.parse.UnreadableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes a manifest with only some VMs of a batch, or of a single VM without its schedule.
 * Everything else is as it was written, in JSON: not what the batch's defaults made of it, and with
 * the keys that are nobody's but its author's.
 */
public final class RetryManifest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final ManifestReader reader;
  private final long maxBytes;

  /**
   * A maker of manifests that the reader takes.
   *
   * @param maxBytes a manifest with more bytes is not taken
   */
  public RetryManifest(ManifestReader reader, long maxBytes) {
    this.reader = reader;
    this.maxBytes = maxBytes;
  }

  /**
   * Reads the batch once more and leaves out what is not wanted.
   *
   * @param file where the batch is
   * @param fileName the name it was written under
   * @param manifest the batch as it was read; or a single VM's manifest
   * @param wanted the names of VMs of it
   * @param atAnyTime whether it is written without the schedule
   * @return the JSON text; empty when it would not be taken or is not the same, for example because
   *     somebody has changed the file meanwhile
   * @throws IOException when the file cannot be read
   */
  public Optional<byte[]> of(
      Path file, String fileName, Manifest manifest, Set<String> wanted, boolean atAnyTime)
      throws IOException {
    try {
      ObjectNode retry =
          reduced(
              NodeJson.of(ManifestReader.parse(fileName, ManifestReader.content(file))),
              manifest,
              wanted,
              atAnyTime);
      byte[] text = text(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(retry) + "\n");
      if (text.length > maxBytes) {
        text = text(JSON.writeValueAsString(retry));
      }
      boolean good =
          text.length <= maxBytes
              && reader.read("retry.json", text).equals(expected(manifest, wanted, atAnyTime));
      return good ? Optional.of(text) : Optional.empty();
    } catch (UnreadableException | ManifestInvalidException e) {
      return Optional.empty();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree that is no JSON", e);
    }
  }

  private static ObjectNode reduced(
      JsonNode root, Manifest manifest, Set<String> wanted, boolean atAnyTime) {
    ObjectNode retry = JSON.createObjectNode();
    root.properties()
        .forEach(
            field -> {
              if (!atAnyTime || !field.getKey().equals("schedule")) {
                retry.set(field.getKey(), field.getValue());
              }
              if (field.getKey().equals("version") && !root.has("name")) {
                // Another file name must not make it another manifest.
                retry.put("name", manifest.name());
              }
            });
    if (manifest.batch()) {
      ArrayNode vms = retry.putArray("vms");
      for (JsonNode vm : root.path("vms")) {
        if (wanted.contains(vm.path("name").asText())) {
          vms.add(vm);
        }
      }
    }
    return retry;
  }

  private static Manifest expected(Manifest manifest, Set<String> wanted, boolean atAnyTime) {
    List<VmSpec> vms = manifest.vms().stream().filter(vm -> wanted.contains(vm.name())).toList();
    Manifest same = manifest.with(vms);
    return atAnyTime ? same.at(manifest.timing().atAnyTime()) : same;
  }

  /**
   * Control characters that may stand in a manifest as escapes only stand in texts: nowhere else.
   */
  private static byte[] text(String json) {
    StringBuilder escaped = new StringBuilder(json.length());
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (SourceText.isRefused(c)) {
        escaped.append("\\u%04x".formatted((int) c));
      } else {
        escaped.append(c);
      }
    }
    return escaped.toString().getBytes(StandardCharsets.UTF_8);
  }
}
