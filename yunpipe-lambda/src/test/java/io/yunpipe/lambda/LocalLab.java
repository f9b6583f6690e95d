package io.yunpipe.lambda;

import io.yunpipe.SetUpListener;
import io.yunpipe.internal.Backends;
import io.yunpipe.internal.Json;
import io.yunpipe.spi.Backend;
import io.yunpipe.spi.BackendContext;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectInfo;
import io.yunpipe.spi.ObjectStore;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A directory store with a deployed pipeline, and programs beside this one. */
final class LocalLab implements AutoCloseable {
  static final String PIPELINE = "cells";

  private final Path directory;
  private final Backend backend;
  private final List<Process> programs = new ArrayList<>();

  LocalLab(Path directory) {
    this.directory = directory;
    this.backend = open("ingress");
    backend.init(SetUpListener.none());
    backend
        .store()
        .put(
            "pipelines/cells.json",
            Content.of(Json.bytes(Deployed.pipeline(PIPELINE, Duration.ofSeconds(2)))));
  }

  private Backend open(String pipeline) {
    return Backends.find("local")
        .open(
            new BackendContext(
                pipeline,
                Map.of("directory", directory.toString(), "fsync", "false"),
                Map.of(),
                Clock.systemUTC()));
  }

  ObjectStore store() {
    return backend.store();
  }

  /** Sends what a bucket would to the queue of events. */
  void send(String body) {
    backend.queue("events").send(List.of(body), Duration.ZERO);
  }

  /** Stores a file and returns its notification. */
  String upload(String path, String text) {
    String key = "inbox/cells/" + path;
    store().put(key, Content.of(text));
    ObjectInfo object = store().head(key).orElseThrow();
    return """
    {"Records":[{"eventSource":"aws:s3","eventName":"ObjectCreated:Put","eventTime":"%s",
      "s3":{"bucket":{"name":"lab"},"object":{"key":"%s","size":%d,"eTag":"%s"}}}]}"""
        .formatted(object.modified(), key, object.size(), object.etag().replace("\"", "\\\""));
  }

  /** Returns the text of all shown results of a name, one for each run. */
  List<String> results(String path) {
    List<String> texts = new ArrayList<>();
    for (ObjectInfo object : store().list("results/", "", 1000)) {
      if (object.key().endsWith("/" + path)) {
        store()
            .read(object.key())
            .ifPresent(bytes -> texts.add(new String(bytes, StandardCharsets.UTF_8)));
      }
    }
    return texts;
  }

  boolean anyOpenRun() {
    return !store().list("open/", "", 1).isEmpty();
  }

  /** Starts a program with this lab's settings in its environment. */
  Process start(Class<?> main, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("YUNPIPE_BACKEND", "local");
    variables.put("YUNPIPE_LOCAL_DIRECTORY", directory.toString());
    variables.put("YUNPIPE_LOCAL_FSYNC", "false");
    variables.putAll(environment);
    builder.environment().putAll(variables);
    File log = directory.resolveSibling(main.getSimpleName() + ".log").toFile();
    builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log));
    Process process = builder.start();
    programs.add(process);
    return process;
  }

  @Override
  public void close() {
    programs.forEach(Process::destroyForcibly);
    backend.close();
  }
}
