package io.hyper2kvm.signature;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.ArrayList;
import java.util.List;
import javax.crypto.KeyAgreement;

/** The two kinds of keys that sign here. All their arithmetic is the JDK's. */
enum KeyAlgorithm {
  /** RFC 8032. */
  ED25519("Ed25519", "Ed25519", "Ed25519"),
  /** ECDSA on NIST's curve P-256 with SHA-256; a signature is in DER. */
  ECDSA_P256("ECDSA P-256", "EC", "SHA256withECDSA");

  /** A signature of r and s, each as 32 bytes, as some programs write it in place of DER. */
  private static final String RAW = "SHA256withECDSAinP1363Format";

  private static final int RAW_LENGTH = 64;
  private static final byte[] PROBE = {'p', 'r', 'o', 'b', 'e'};

  private final String text;
  private final String factory;
  private final String signature;

  KeyAlgorithm(String text, String factory, String signature) {
    this.text = text;
    this.factory = factory;
    this.signature = signature;
  }

  /** As people write it. */
  String text() {
    return text;
  }

  KeyFactory factory() throws GeneralSecurityException {
    return KeyFactory.getInstance(factory);
  }

  /** Whether a key that {@link #factory} has read is on the right curve. */
  boolean fits(Object key) throws GeneralSecurityException {
    if (this == ED25519) {
      return true;
    }
    ECParameterSpec wanted = p256();
    return key instanceof ECKey ec
        && ec.getParams().getCurve().equals(wanted.getCurve())
        && ec.getParams().getGenerator().equals(wanted.getGenerator())
        && ec.getParams().getOrder().equals(wanted.getOrder());
  }

  byte[] sign(PrivateKey key, byte[] message) throws GeneralSecurityException {
    Signature signer = Signature.getInstance(signature);
    signer.initSign(key);
    signer.update(message);
    return signer.sign();
  }

  /** Whether a signature is by the key; one in no form of a signature is not. */
  boolean verifies(PublicKey key, byte[] message, byte[] signed) {
    boolean raw = this == ECDSA_P256 && signed.length == RAW_LENGTH;
    try {
      Signature verifier = Signature.getInstance(raw ? RAW : signature);
      verifier.initVerify(key);
      verifier.update(message);
      return verifier.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /**
   * The public key of a private one, which files in PKCS#8 need not hold. The JDK has no call for
   * it. Each candidate must verify what the private key signs.
   *
   * @throws GeneralSecurityException when there is none
   */
  PublicKey publicOf(PrivateKey key) throws GeneralSecurityException {
    byte[] signed = sign(key, PROBE);
    List<PublicKey> candidates =
        this == ED25519 ? List.of(ed25519((EdECPrivateKey) key)) : p256(key);
    for (PublicKey candidate : candidates) {
      if (verifies(candidate, PROBE, signed)) {
        return candidate;
      }
    }
    throw new GeneralSecurityException("no public key fits");
  }

  /** The generator of a pair takes the private key's 32 bytes from its source of random bytes. */
  private static PublicKey ed25519(EdECPrivateKey key) throws GeneralSecurityException {
    byte[] seed = key.getBytes().orElseThrow(() -> new GeneralSecurityException("no bytes"));
    KeyPairGenerator pairs = KeyPairGenerator.getInstance("Ed25519");
    pairs.initialize(
        255,
        new SecureRandom() {
          private static final long serialVersionUID = 1L;

          @Override
          public void nextBytes(byte[] bytes) {
            System.arraycopy(seed, 0, bytes, 0, Math.min(seed.length, bytes.length));
          }
        });
    return pairs.generateKeyPair().getPublic();
  }

  /** ECDH with the generator gives the point's x; the curve gives the two y for it. */
  private static List<PublicKey> p256(PrivateKey key) throws GeneralSecurityException {
    ECParameterSpec curve = p256();
    KeyFactory keys = KeyFactory.getInstance("EC");
    KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
    agreement.init(key);
    agreement.doPhase(keys.generatePublic(new ECPublicKeySpec(curve.getGenerator(), curve)), true);
    BigInteger x = new BigInteger(1, agreement.generateSecret());
    BigInteger p = ((ECFieldFp) curve.getCurve().getField()).getP();
    BigInteger square =
        x.modPow(BigInteger.valueOf(3), p)
            .add(curve.getCurve().getA().multiply(x))
            .add(curve.getCurve().getB())
            .mod(p);
    // p is 3 modulo 4.
    BigInteger y = square.modPow(p.add(BigInteger.ONE).shiftRight(2), p);
    List<PublicKey> candidates = new ArrayList<>();
    for (BigInteger one : List.of(y, p.subtract(y))) {
      candidates.add(keys.generatePublic(new ECPublicKeySpec(new ECPoint(x, one), curve)));
    }
    return candidates;
  }

  private static ECParameterSpec p256() throws GeneralSecurityException {
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec("secp256r1"));
    return parameters.getParameterSpec(ECParameterSpec.class);
  }
}
