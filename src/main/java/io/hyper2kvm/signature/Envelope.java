package io.hyper2kvm.signature;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A DSSE envelope (version 1): a payload and the signatures of it. What is signed is the payload's
 * bytes together with their type, not the JSON around them.
 *
 * @param payloadType says what the payload is
 * @param payload the bytes
 * @param signatures at least one
 */
public record Envelope(String payloadType, byte[] payload, List<Signature> signatures) {

  /** The type of an in-toto statement. */
  public static final String IN_TOTO = "application/vnd.in-toto+json";

  /** More signatures than this are refused: each costs a look by each key. */
  private static final int MOST_SIGNATURES = 16;

  /**
   * A signature.
   *
   * @param keyId what its maker calls the key; a hint that anybody can write
   * @param bytes the signature itself
   */
  public record Signature(Optional<String> keyId, byte[] bytes) {}

  public Envelope {
    signatures = List.copyOf(signatures);
    if (signatures.isEmpty()) {
      throw new IllegalArgumentException("an envelope without a signature");
    }
  }

  /** Signs an in-toto statement. */
  public static Envelope sign(byte[] statement, SigningKey key) {
    byte[] signature = key.sign(encoded(IN_TOTO, statement));
    return new Envelope(
        IN_TOTO, statement, List.of(new Signature(Optional.of(key.id()), signature)));
  }

  /**
   * The pre-authentication encoding, which is what is signed: {@code DSSEv1 LENGTH TYPE LENGTH
   * PAYLOAD}, lengths in bytes.
   */
  static byte[] encoded(String type, byte[] payload) {
    byte[] typeBytes = type.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream all = new ByteArrayOutputStream(payload.length + 100);
    all.writeBytes("DSSEv1 %d ".formatted(typeBytes.length).getBytes(StandardCharsets.US_ASCII));
    all.writeBytes(typeBytes);
    all.writeBytes(" %d ".formatted(payload.length).getBytes(StandardCharsets.US_ASCII));
    all.writeBytes(payload);
    return all.toByteArray();
  }

  /** The first of the keys that has signed this; empty when none has. */
  public Optional<TrustedKey> signer(List<TrustedKey> keys) {
    byte[] signed = encoded(payloadType, payload);
    for (Signature signature : signatures) {
      for (TrustedKey key : keys) {
        if (key.verifies(signed, signature.bytes())) {
          return Optional.of(key);
        }
      }
    }
    return Optional.empty();
  }

  /** The JSON of the envelope, without a line end in it. */
  public byte[] json() {
    List<Object> all = new ArrayList<>();
    for (Signature signature : signatures) {
      Map<String, Object> one = new LinkedHashMap<>();
      signature.keyId().ifPresent(id -> one.put("keyid", id));
      one.put("sig", Base64.getEncoder().encodeToString(signature.bytes()));
      all.add(one);
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("payloadType", payloadType);
    json.put("payload", Base64.getEncoder().encodeToString(payload));
    json.put("signatures", all);
    return StrictJson.bytes(json);
  }

  /**
   * Reads an envelope; keys that it need not have are passed over.
   *
   * @throws MalformedException when it is none
   */
  public static Envelope parse(byte[] content) throws MalformedException {
    JsonNode json = StrictJson.object(content);
    if (!json.path("payloadType").isTextual()) {
      throw new MalformedException("it has no payloadType");
    }
    JsonNode all = json.path("signatures");
    if (!all.isArray() || all.isEmpty()) {
      throw new MalformedException("it has no signatures");
    }
    if (all.size() > MOST_SIGNATURES) {
      throw new MalformedException(
          "it has %d signatures; at most %d are read".formatted(all.size(), MOST_SIGNATURES));
    }
    List<Signature> signatures = new ArrayList<>();
    for (JsonNode one : all) {
      JsonNode id = one.path("keyid");
      if (!id.isMissingNode() && !id.isNull() && !id.isTextual()) {
        throw new MalformedException("a keyid is no text");
      }
      signatures.add(
          new Signature(
              Optional.ofNullable(id.textValue()).filter(text -> !text.isEmpty()),
              base64(one.path("sig"), "a sig")));
    }
    return new Envelope(
        json.path("payloadType").textValue(), base64(json.path("payload"), "payload"), signatures);
  }

  /** Either alphabet, with or without padding; of several texts for the same bytes, one. */
  private static byte[] base64(JsonNode text, String what) throws MalformedException {
    if (!text.isTextual()) {
      throw new MalformedException("it has no " + what.replace("a ", ""));
    }
    String value = text.textValue();
    boolean url = value.indexOf('-') >= 0 || value.indexOf('_') >= 0;
    try {
      byte[] bytes = (url ? Base64.getUrlDecoder() : Base64.getDecoder()).decode(value);
      Base64.Encoder encoder = url ? Base64.getUrlEncoder() : Base64.getEncoder();
      boolean same =
          encoder.encodeToString(bytes).equals(value)
              || encoder.withoutPadding().encodeToString(bytes).equals(value);
      if (same) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      throw new MalformedException(what + " is no base64");
    }
    throw new MalformedException(what + " is base64 with left-over bits");
  }
}
