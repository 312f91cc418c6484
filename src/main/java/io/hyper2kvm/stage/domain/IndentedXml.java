package io.hyper2kvm.stage.domain;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes elements in their own lines, each level two spaces further in; in UTF-8. */
final class IndentedXml {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final XMLStreamWriter xml;
  private int depth;
  private boolean begun;

  IndentedXml() throws XMLStreamException {
    xml =
        XMLOutputFactory.newInstance().createXMLStreamWriter(bytes, StandardCharsets.UTF_8.name());
  }

  /** Ends the text; nothing may follow. */
  byte[] end() throws XMLStreamException {
    xml.writeCharacters("\n");
    xml.close();
    return bytes.toByteArray();
  }

  /** Begins an element; {@code attributes} are names and values in turn. */
  void open(String name, String... attributes) throws XMLStreamException {
    line();
    xml.writeStartElement(name);
    attributes(attributes);
    depth++;
  }

  /** Ends the element that was begun last. */
  void close() throws XMLStreamException {
    depth--;
    line();
    xml.writeEndElement();
  }

  /** An element without content. */
  void empty(String name, String... attributes) throws XMLStreamException {
    line();
    xml.writeEmptyElement(name);
    attributes(attributes);
  }

  /** An element with a text. */
  void text(String name, String text, String... attributes) throws XMLStreamException {
    line();
    xml.writeStartElement(name);
    attributes(attributes);
    xml.writeCharacters(text);
    xml.writeEndElement();
  }

  private void attributes(String... attributes) throws XMLStreamException {
    for (int i = 0; i < attributes.length; i += 2) {
      xml.writeAttribute(attributes[i], attributes[i + 1]);
    }
  }

  private void line() throws XMLStreamException {
    if (begun) {
      xml.writeCharacters("\n" + "  ".repeat(depth));
    }
    begun = true;
  }
}
