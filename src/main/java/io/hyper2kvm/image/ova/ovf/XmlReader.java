package io.hyper2kvm.image.ova.ovf;

import java.io.ByteArrayInputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads XML that may be hostile: no document type, so no entities but the five of XML itself;
 * nothing outside is opened; depth and number of elements are bounded.
 */
final class XmlReader {

  private static final int DEEPEST = 100;
  private static final int MOST_ELEMENTS = 50_000;
  private static final String OVF = "http://schemas.dmtf.org/ovf/envelope/";

  private XmlReader() {}

  /**
   * The root element.
   *
   * @param where the description's name, for messages
   */
  static XmlElement read(byte[] xml, String where) {
    try {
      XMLStreamReader reader = factory().createXMLStreamReader(new ByteArrayInputStream(xml));
      try {
        return read(reader, where);
      } finally {
        reader.close();
      }
    } catch (XMLStreamException e) {
      throw OvfRefusals.notXml(where, e);
    }
  }

  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, false);
    // Later versions of Java have a limit of their own, which would come before ours.
    factory.setProperty("jdk.xml.maxElementDepth", "0");
    factory.setXMLResolver(
        (publicId, systemId, base, namespace) -> {
          throw new XMLStreamException("an external entity");
        });
    return factory;
  }

  private static XmlElement read(XMLStreamReader reader, String where) throws XMLStreamException {
    Deque<XmlElement> open = new ArrayDeque<>();
    XmlElement root = null;
    int elements = 0;
    while (hasNext(reader)) {
      switch (next(reader)) {
        case XMLStreamConstants.START_ELEMENT -> {
          if (++elements > MOST_ELEMENTS || open.size() >= DEEPEST) {
            throw OvfRefusals.invalid(
                where,
                "more than %d elements, or more than %d in each other"
                    .formatted(MOST_ELEMENTS, DEEPEST));
          }
          XmlElement element = element(reader);
          if (open.isEmpty()) {
            root = element;
          } else {
            open.peek().add(element);
          }
          open.push(element);
        }
        case XMLStreamConstants.END_ELEMENT -> open.pop();
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
          if (!open.isEmpty()) {
            open.peek().addText(reader.getText());
          }
        }
        case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
            throw OvfRefusals.invalid(
                where + ", line " + line(reader), "a document type or an entity of its own");
        default -> {
          // Comments and processing instructions say nothing to a machine.
        }
      }
    }
    if (root == null) {
      throw OvfRefusals.invalid(where, "there is no element in it");
    }
    return root;
  }

  private static XmlElement element(XMLStreamReader reader) {
    XmlElement element = new XmlElement(reader.getLocalName(), line(reader));
    // An OVF attribute goes before one of the same name without, or with another, namespace.
    for (boolean ovf : new boolean[] {true, false}) {
      for (int i = 0; i < reader.getAttributeCount(); i++) {
        String namespace = reader.getAttributeNamespace(i);
        if ((namespace != null && namespace.startsWith(OVF)) == ovf) {
          element.attribute(reader.getAttributeLocalName(i), reader.getAttributeValue(i));
        }
      }
    }
    return element;
  }

  private static int line(XMLStreamReader reader) {
    return reader.getLocation().getLineNumber();
  }

  private static boolean hasNext(XMLStreamReader reader) throws XMLStreamException {
    try {
      return reader.hasNext();
    } catch (RuntimeException e) {
      throw new XMLStreamException(e.toString(), e);
    }
  }

  /** The parser lets some faults of malformed text out as unchecked exceptions. */
  private static int next(XMLStreamReader reader) throws XMLStreamException {
    try {
      return reader.next();
    } catch (RuntimeException e) {
      throw new XMLStreamException(e.toString(), e);
    }
  }
}
