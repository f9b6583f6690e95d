package io.yunpipe.wrap;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An image for tests, made in memory. */
final class TestImage {
  private final String architecture;
  private final boolean docker;
  private final List<byte[]> layers = new ArrayList<>();
  private final List<String> diffs = new ArrayList<>();
  private final ObjectNode config = Documents.JSON.createObjectNode();

  private TestImage(String architecture, boolean docker) {
    this.architecture = architecture;
    this.docker = docker;
    config.set("Entrypoint", WrappedConfig.texts(List.of("/usr/bin/tool")));
    config.set("Cmd", WrappedConfig.texts(List.of("--all")));
    config.set(
        "Env", WrappedConfig.texts(List.of("PATH=/usr/bin", "MODEL=large", "AWS_REGION=none")));
    config.put("User", "1000:1000").put("StopSignal", "SIGQUIT");
    config.putObject("ExposedPorts").putObject("9090/tcp");
    config.putObject("Labels").put("org.example.team", "cells");
  }

  static TestImage oci() {
    return new TestImage(Index.architecture(), false);
  }

  static TestImage docker() {
    return new TestImage(Index.architecture(), true);
  }

  static TestImage on(String architecture) {
    return new TestImage(architecture, false);
  }

  TestImage layer(TestLayer layer) {
    byte[] tar = layer.tar();
    layers.add(TestLayer.gzip(tar));
    diffs.add(Digest.of(tar));
    return this;
  }

  ObjectNode config() {
    return config;
  }

  byte[] configBytes() {
    ObjectNode all =
        Documents.JSON
            .createObjectNode()
            .put("architecture", architecture)
            .put("os", "linux")
            .put("created", "2026-01-02T03:04:05Z");
    all.set("config", config);
    all.putObject("rootfs").put("type", "layers").set("diff_ids", WrappedConfig.texts(diffs));
    return Documents.bytes(all);
  }

  byte[] topLayer() {
    return layers.get(layers.size() - 1);
  }

  Document manifest() {
    String type = docker ? MediaTypes.DOCKER_MANIFEST : MediaTypes.OCI_MANIFEST;
    ObjectNode manifest =
        Documents.JSON.createObjectNode().put("schemaVersion", 2).put("mediaType", type);
    byte[] bytes = configBytes();
    manifest.set(
        "config",
        new Descriptor(
                docker ? MediaTypes.DOCKER_CONFIG : MediaTypes.OCI_CONFIG,
                Digest.of(bytes),
                bytes.length)
            .json());
    ArrayNode list = manifest.putArray("layers");
    for (byte[] layer : layers) {
      list.add(new Descriptor(MediaTypes.layerOf(type), Digest.of(layer), layer.length).json());
    }
    return new Document(type, Documents.bytes(manifest));
  }

  Map<Descriptor, byte[]> blobs() {
    Map<Descriptor, byte[]> blobs = new LinkedHashMap<>();
    byte[] bytes = configBytes();
    blobs.put(new Descriptor("", Digest.of(bytes), bytes.length), bytes);
    for (byte[] layer : layers) {
      blobs.put(new Descriptor("", Digest.of(layer), layer.length), layer);
    }
    return blobs;
  }

  /** Writes it and returns its digest. */
  String writeTo(ImageTarget target) {
    Document manifest = manifest();
    target.begin(manifest);
    blobs().forEach((blob, bytes) -> target.blob(blob, Body.of(bytes)));
    target.finish(manifest);
    return manifest.digest();
  }

  /** Writes several as one with an index. */
  static String writeAll(ImageTarget target, List<TestImage> images) {
    ObjectNode index =
        Documents.JSON
            .createObjectNode()
            .put("schemaVersion", 2)
            .put("mediaType", MediaTypes.OCI_INDEX);
    ArrayNode manifests = index.putArray("manifests");
    Document first = images.get(0).manifest();
    target.begin(first);
    for (TestImage image : images) {
      Document manifest = image.manifest();
      image.blobs().forEach((blob, bytes) -> target.blob(blob, Body.of(bytes)));
      target.manifest(manifest);
      ObjectNode entry =
          new Descriptor(manifest.mediaType(), manifest.digest(), manifest.bytes().length).json();
      entry.putObject("platform").put("os", "linux").put("architecture", image.architecture);
      manifests.add(entry);
    }
    Document top = new Document(MediaTypes.OCI_INDEX, Documents.bytes(index));
    target.finish(top);
    return top.digest();
  }
}
