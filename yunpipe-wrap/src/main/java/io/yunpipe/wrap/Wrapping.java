package io.yunpipe.wrap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.yunpipe.BackendException;
import io.yunpipe.InvalidInputException;
import io.yunpipe.wrap.LibcLook.Seen;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One wrapping of an image. */
final class Wrapping {
  private final Order order;
  private final ImageSource base;
  private final ImageTarget target;
  private final LayerCache cache;

  /**
   * What is wanted.
   *
   * @param algorithm its name
   * @param version its version; may be empty
   * @param description digest of what describes it; null for none
   * @param user null for the base's
   * @param runtimes modules of Java by architecture
   */
  record Order(
      String algorithm,
      String version,
      @Nullable String description,
      @Nullable String user,
      Runner runner,
      Map<String, Path> runtimes,
      WrapListener listener) {}

  /** What became of one platform's image. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Part(
      Platform platform,
      Manifest from,
      Layer layer,
      Document manifest,
      Descriptor config,
      byte[] configBytes) {}

  /**
   * What was made.
   *
   * @param base the base, with its digest
   */
  record Done(Document top, String base, List<Part> parts) {}

  Wrapping(Order order, ImageSource base, ImageTarget target, LayerCache cache) {
    this.order = order;
    this.base = base;
    this.target = target;
    this.cache = cache;
  }

  Done run() {
    Document top =
        base.top()
            .orElseThrow(
                () ->
                    new BackendException(
                        "Could not read "
                            + base.name()
                            + ": there is no such image. Check the name, and whether you may"
                            + " read it",
                        null));
    Done done = Index.isOne(top, base.name()) ? several(top) : single(top, top);
    if (target.begin(done.top())) {
      write(done);
    }
    return done;
  }

  private Done single(Document top, Document document) {
    Part part = part(document, base.digest(top));
    return new Done(part.manifest(), baseName() + "@" + base.digest(top), List.of(part));
  }

  private Done several(Document top) {
    Index index = Index.of(top, base.name());
    if (!target.takesIndex()) {
      Index.Entry here =
          index
              .here()
              .orElseThrow(() -> new InvalidInputException(base.name() + " lists no image"));
      order
          .listener()
          .note(
              "Only the image for "
                  + here.platform()
                  + " of "
                  + index.entries().size()
                  + " is written there");
      return single(top, base.manifest(here.manifest()));
    }
    List<Part> parts = new ArrayList<>();
    ObjectNode made =
        Documents.JSON
            .createObjectNode()
            .put("schemaVersion", 2)
            .put("mediaType", target.typed(index.mediaType()));
    ArrayNode manifests = made.putArray("manifests");
    List<String> left = new ArrayList<>();
    for (Index.Entry entry : index.entries()) {
      Platform platform = entry.platform();
      if (!platform.os().equals("linux") || java(platform).isEmpty()) {
        left.add(platform.toString());
        continue;
      }
      Part part = part(base.manifest(entry.manifest()), top.digest());
      parts.add(part);
      Document manifest = part.manifest();
      ObjectNode written =
          new Descriptor(manifest.mediaType(), manifest.digest(), manifest.bytes().length).json();
      written.set("platform", entry.json());
      manifests.add(written);
    }
    if (parts.isEmpty()) {
      throw noJava(String.join(", ", left));
    }
    if (!left.isEmpty()) {
      order
          .listener()
          .note(
              "Left out, for want of a Java: "
                  + String.join(", ", left)
                  + ". Give modules of a JDK for each that is needed by --jmods or in ~/.yunpipe/jmods"
                  + " (docs/wrap.md)");
    }
    return new Done(
        new Document(target.typed(index.mediaType()), Documents.bytes(made)),
        baseName() + "@" + top.digest(),
        List.copyOf(parts));
  }

  private Optional<JavaRuntime> java(Platform platform) {
    return JavaRuntime.of(platform.architecture(), order.runtimes().get(platform.architecture()));
  }

  private InvalidInputException noJava(String platforms) {
    return new InvalidInputException(
        "Could not wrap "
            + base.name()
            + ": it is for "
            + platforms
            + ", and there is no Java for that. Give modules of a JDK "
            + Runtime.version().feature()
            + " for that processor by --jmods or in ~/.yunpipe/jmods (docs/wrap.md), or leave the image as it is: the local backend and workers on"
            + " machines run plain images, with the worker beside the container");
  }

  private Part part(Document document, String baseDigest) {
    Manifest from = Manifest.of(document, base.name());
    ObjectNode config;
    try {
      config = WrappedConfig.parse(base.config(from.config()), from, base.name());
    } catch (IOException e) {
      throw new BackendException(
          "Could not read the configuration of " + base.name() + ": " + Said.of(e), e);
    }
    Platform platform = Index.platform(config, base.name());
    refuseWrapped(config);
    JavaRuntime java = java(platform).orElseThrow(() -> noJava(platform.toString()));
    if (!platform.os().equals("linux")) {
      throw noJava(platform.toString());
    }
    Layer layer = cache.layer(java, order.runner(), order.listener());
    checkLibc(libc(from), layer);
    noteVariables(config);
    byte[] bytes =
        Documents.bytes(WrappedConfig.of(config, layer, labels(config, baseDigest), order.user()));
    Descriptor described =
        new Descriptor(target.typed(from.config().mediaType()), Digest.of(bytes), bytes.length);
    return new Part(platform, from, layer, manifest(from, layer, described), described, bytes);
  }

  private void refuseWrapped(ObjectNode config) {
    String wrapped = config.path("config").path("Labels").path(Labels.BASE).asText();
    if (!wrapped.isEmpty()) {
      throw new InvalidInputException(
          "Could not wrap "
              + base.name()
              + ": it is wrapped already. Wrap what it was made of, "
              + Said.shortened(wrapped));
    }
  }

  /** What is on this machine is looked at as fast as it is remembered. */
  private Seen libc(Manifest from) {
    return base instanceof RegistrySource source
        ? new LibcMemory(cache.folder().resolve("libc"), source.image().registry()).of(from, base)
        : LibcLook.at(from, base);
  }

  private void checkLibc(Seen seen, Layer layer) {
    switch (seen.libc()) {
      case MUSL -> throw noGlibc("its C library is musl, as in Alpine");
      case NONE -> throw noGlibc("it has no C library that programs could share");
      case UNKNOWN ->
          order
              .listener()
              .note(
                  "Whether "
                      + base.name()
                      + " has glibc could not be seen in its first bytes; Java needs it");
      case GLIBC -> {
        if (seen.version() > 0 && seen.version() < layer.glibc()) {
          throw noGlibc(
              "its glibc is 2."
                  + seen.version()
                  + ", but this program's Java needs 2."
                  + layer.glibc()
                  + " (a JDK of Eclipse Temurin lives with older ones)");
        }
      }
    }
  }

  private InvalidInputException noGlibc(String why) {
    return new InvalidInputException(
        "Could not wrap "
            + base.name()
            + ": "
            + why
            + ", and the worker's Java needs glibc. Build the image on a base with glibc (debian,"
            + " ubuntu, fedora …), or leave it as it is: the local backend and workers on machines"
            + " run plain images, with the worker beside the container");
  }

  private void noteVariables(ObjectNode config) {
    WrappedConfig.read(config).environment().keySet().stream()
        .filter(name -> WrappedConfig.ACTING.matcher(name).matches())
        .sorted()
        .forEach(
            name ->
                order
                    .listener()
                    .note(base.name() + " sets " + name + ", which acts on the worker as well"));
  }

  /** Returns the base's name without a digest, which is told beside it. */
  private String baseName() {
    return base.name().replaceFirst("@sha256:[0-9a-f]{64}$", "");
  }

  private Map<String, String> labels(ObjectNode config, String baseDigest) {
    ObjectNode inner = config.withObject("/config");
    Map<String, String> labels = new TreeMap<>();
    labels.put(Labels.ALGORITHM, order.algorithm());
    if (!order.version().isEmpty()) {
      labels.put(Labels.VERSION, order.version());
    }
    @Nullable String described = order.description();
    if (described != null) {
      labels.put(Labels.DESCRIPTION, described);
    }
    labels.put(Labels.RUNNER, Digest.PREFIX + order.runner().sha256());
    String name = baseName();
    labels.put(Labels.BASE, name + "@" + baseDigest);
    labels.put(Labels.BASE_NAME, name);
    labels.put(Labels.BASE_DIGEST, baseDigest);
    labels.put(
        Labels.ENTRY_POINT,
        WrappedConfig.texts(Documents.texts(inner.path("Entrypoint"))).toString());
    labels.put(Labels.COMMAND, WrappedConfig.texts(Documents.texts(inner.path("Cmd"))).toString());
    return labels;
  }

  /** The base's layers are written as they were, with whatever else is said of them. */
  private Document manifest(Manifest from, Layer layer, Descriptor config) {
    String type = target.typed(from.mediaType());
    ObjectNode manifest =
        Documents.JSON.createObjectNode().put("schemaVersion", 2).put("mediaType", type);
    manifest.set("config", config.json());
    ArrayNode layers = manifest.putArray("layers");
    for (JsonNode one : from.json().path("layers")) {
      ObjectNode copy = one.deepCopy();
      layers.add(copy.put("mediaType", target.typed(one.path("mediaType").asText())));
    }
    layers.add(layer.descriptor(type).json());
    return new Document(type, Documents.bytes(manifest));
  }

  private void write(Done done) {
    Set<String> placed = new HashSet<>();
    for (Part part : done.parts()) {
      for (Descriptor layer : part.from().layers()) {
        if (!MediaTypes.foreign(layer.mediaType()) && placed.add(layer.digest())) {
          target.layer(layer, base);
        }
      }
      Descriptor own = part.layer().descriptor(part.from().mediaType());
      if (placed.add(own.digest())) {
        target.blob(own, part.layer().body());
      }
      if (placed.add(part.config().digest())) {
        target.blob(part.config(), Body.of(part.configBytes()));
      }
      if (!part.manifest().digest().equals(done.top().digest())) {
        target.manifest(part.manifest());
      }
    }
    target.finish(done.top());
  }
}
