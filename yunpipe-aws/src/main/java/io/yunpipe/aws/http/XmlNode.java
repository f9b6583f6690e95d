package io.yunpipe.aws.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.XMLStreamWriter;

/**
 * An element of an XML document.
 *
 * @param name its name without a prefix
 * @param text the text directly inside
 * @param children the elements directly inside
 */
public record XmlNode(String name, String text, List<XmlNode> children) {
  private static final XMLInputFactory READERS = readers();
  private static final XMLOutputFactory WRITERS = XMLOutputFactory.newDefaultFactory();

  /** Copies the list. */
  public XmlNode {
    children = List.copyOf(children);
  }

  private static XMLInputFactory readers() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    return factory;
  }

  /**
   * Reads a document; document types and entities are refused.
   *
   * @throws IOException if it is cut off or is no XML
   */
  public static XmlNode read(InputStream in) throws IOException {
    try {
      XMLStreamReader reader = READERS.createXMLStreamReader(in);
      reader.nextTag();
      return element(reader);
    } catch (XMLStreamException e) {
      throw new IOException("The answer is not the XML expected: " + e.getMessage(), e);
    }
  }

  private static XmlNode element(XMLStreamReader reader) throws XMLStreamException {
    String name = reader.getLocalName();
    StringBuilder text = new StringBuilder();
    List<XmlNode> children = new ArrayList<>();
    while (reader.next() != XMLStreamReader.END_ELEMENT) {
      if (reader.isStartElement()) {
        children.add(element(reader));
      } else if (reader.isCharacters()) {
        text.append(reader.getText());
      }
    }
    return new XmlNode(name, text.toString(), children);
  }

  /** Returns the elements at a path of names, such as {@code subnetSet/item}. */
  public List<XmlNode> all(String path) {
    Stream<XmlNode> found = Stream.of(this);
    for (String step : path.split("/", -1)) {
      found =
          found.flatMap(node -> node.children.stream().filter(child -> child.name.equals(step)));
    }
    return found.toList();
  }

  /** Returns the text of the first element at a path, without spaces around; or an empty one. */
  public String value(String path) {
    return raw(path).strip();
  }

  /** Returns the text of the first element at a path as it is; empty if there is none. */
  public String raw(String path) {
    List<XmlNode> found = all(path);
    return found.isEmpty() ? "" : found.get(0).text;
  }

  /** Returns an element with a text. */
  public static XmlNode text(String name, String text) {
    return new XmlNode(name, text, List.of());
  }

  /** Returns this as a document of S3's; attributes, which S3 has none of that matter, are left. */
  public String document() {
    StringWriter out = new StringWriter();
    try {
      XMLStreamWriter xml = WRITERS.createXMLStreamWriter(out);
      write(xml, "http://s3.amazonaws.com/doc/2006-03-01/");
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("Could not write " + name, e);
    }
    return out.toString();
  }

  private void write(XMLStreamWriter xml, String namespace) throws XMLStreamException {
    xml.writeStartElement(name);
    if (!namespace.isEmpty()) {
      xml.writeDefaultNamespace(namespace);
    }
    if (children.isEmpty()) {
      xml.writeCharacters(text);
    }
    for (XmlNode child : children) {
      child.write(xml, "");
    }
    xml.writeEndElement();
  }
}
