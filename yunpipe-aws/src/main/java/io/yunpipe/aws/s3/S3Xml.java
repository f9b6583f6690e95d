package io.yunpipe.aws.s3;

import io.yunpipe.aws.s3.S3Calls.Part;
import io.yunpipe.spi.ObjectInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;

/** S3's XML documents. Document types and entities are refused. */
final class S3Xml {
  private static final XMLInputFactory READERS = readers();
  private static final XMLOutputFactory WRITERS = XMLOutputFactory.newDefaultFactory();

  private S3Xml() {}

  /**
   * What a document says.
   *
   * @param root the name of its root
   * @param values texts of the elements directly below
   * @param items texts below each repeated element, by their names
   */
  record Document(String root, Map<String, String> values, List<Map<String, String>> items) {
    String value(String name) {
      return values.getOrDefault(name, "");
    }

    boolean flag(String name) {
      return value(name).trim().equals("true");
    }
  }

  private static XMLInputFactory readers() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    return factory;
  }

  /**
   * Reads a document.
   *
   * @param item the repeated element, such as {@code Contents}
   * @throws IOException if it is cut off or is no XML
   */
  static Document read(InputStream in, String item) throws IOException {
    try {
      XMLStreamReader reader = READERS.createXMLStreamReader(in);
      reader.nextTag();
      String root = reader.getLocalName();
      Map<String, String> values = new HashMap<>();
      List<Map<String, String>> items = new ArrayList<>();
      children(
          reader,
          (name, text) -> values.put(name, text),
          item,
          () -> {
            Map<String, String> texts = new HashMap<>();
            children(reader, texts::put, "", () -> {});
            items.add(texts);
          });
      return new Document(root, values, items);
    } catch (XMLStreamException e) {
      throw new IOException("The answer is not the XML expected: " + e.getMessage(), e);
    }
  }

  private interface Inner {
    void read() throws XMLStreamException;
  }

  /** Reads the elements inside the current one, to its end. */
  private static void children(
      XMLStreamReader reader, BiConsumer<String, String> texts, String item, Inner inner)
      throws XMLStreamException {
    while (reader.next() != XMLStreamConstants.END_ELEMENT) {
      if (reader.isStartElement()) {
        String name = reader.getLocalName();
        if (name.equals(item)) {
          inner.read();
        } else {
          texts.accept(name, text(reader));
        }
      }
    }
  }

  /** Returns the text of an element, without what lies in elements inside. */
  private static String text(XMLStreamReader reader) throws XMLStreamException {
    StringBuilder text = new StringBuilder();
    int depth = 1;
    while (depth > 0) {
      int event = reader.next();
      if (event == XMLStreamConstants.START_ELEMENT) {
        depth++;
      } else if (event == XMLStreamConstants.END_ELEMENT) {
        depth--;
      } else if (depth == 1 && reader.hasText() && event != XMLStreamConstants.COMMENT) {
        text.append(reader.getText());
      }
    }
    return text.toString();
  }

  /** Returns the objects of a listing. */
  static List<ObjectInfo> objects(Document listing) {
    boolean encoded = listing.value("EncodingType").equals("url");
    List<ObjectInfo> objects = new ArrayList<>(listing.items().size());
    for (Map<String, String> item : listing.items()) {
      objects.add(
          new ObjectInfo(
              key(item, encoded),
              Long.parseLong(item.getOrDefault("Size", "0").trim()),
              unquoted(item.getOrDefault("ETag", "")),
              instant(item.getOrDefault("LastModified", ""))));
    }
    return objects;
  }

  static String key(Map<String, String> item, boolean encoded) {
    String key = item.getOrDefault("Key", "");
    return encoded ? URLDecoder.decode(key, StandardCharsets.UTF_8) : key;
  }

  static Instant instant(String text) {
    return text.isBlank() ? Instant.EPOCH : Instant.parse(text.trim());
  }

  /** Returns a tag without its quotes; empty for none. */
  static String unquoted(@Nullable String etag) {
    String tag = etag == null ? "" : etag.trim();
    return tag.length() >= 2 && tag.startsWith("\"") && tag.endsWith("\"")
        ? tag.substring(1, tag.length() - 1)
        : tag;
  }

  static byte[] completion(List<Part> parts) {
    return document(
        "CompleteMultipartUpload",
        xml -> {
          for (Part part : parts) {
            xml.writeStartElement("Part");
            element(xml, "PartNumber", Integer.toString(part.number()));
            element(xml, "ETag", "\"" + part.etag() + "\"");
            if (!part.sha256().isEmpty()) {
              element(xml, "ChecksumSHA256", part.sha256());
            }
            xml.writeEndElement();
          }
        });
  }

  static byte[] deletion(List<String> keys) {
    return document(
        "Delete",
        xml -> {
          element(xml, "Quiet", "true");
          for (String key : keys) {
            xml.writeStartElement("Object");
            element(xml, "Key", key);
            xml.writeEndElement();
          }
        });
  }

  private interface Body {
    void write(XMLStreamWriter xml) throws XMLStreamException;
  }

  private static byte[] document(String root, Body body) {
    StringWriter out = new StringWriter();
    try {
      XMLStreamWriter xml = WRITERS.createXMLStreamWriter(out);
      xml.writeStartElement(root);
      xml.writeDefaultNamespace("http://s3.amazonaws.com/doc/2006-03-01/");
      body.write(xml);
      xml.writeEndElement();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("Could not write " + root, e);
    }
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void element(XMLStreamWriter xml, String name, String text)
      throws XMLStreamException {
    xml.writeStartElement(name);
    xml.writeCharacters(text);
    xml.writeEndElement();
  }
}
