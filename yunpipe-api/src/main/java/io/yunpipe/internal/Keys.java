package io.yunpipe.internal;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the objects of one generation of a run lie. */
public final class Keys {
  /** The one shard of a gather and of what follows it. */
  static final String GATHERED = "g";

  private static final Pattern DEPLOYMENT =
      Pattern.compile("pipelines/([a-z0-9][a-z0-9-]{0,62})\\.json");

  private final String run;
  private final String root;
  private final String base;

  /** Creates the keys of a run's generation, from 1. */
  public Keys(String run, int generation) {
    this.run = run;
    this.root = "runs/" + Ids.hash(run).substring(0, 2) + "/" + run;
    this.base = generation == 1 ? root : root + "/gen/" + generation;
  }

  static String shard(int number) {
    String digits = Integer.toString(number);
    return "000000".substring(Math.min(6, digits.length())) + digits;
  }

  static String open(String run) {
    return "open/" + run;
  }

  /** Returns the index of ended runs whose owners have not heard of it yet. */
  static String toAnnounce(String run) {
    return "ended/" + run;
  }

  static String index(String pipeline, String run) {
    return "index/" + pipeline + "/" + run;
  }

  /** Returns where a pipeline lies for those who start runs without its definition. */
  static String deployment(String pipeline) {
    return deployments() + pipeline + ".json";
  }

  /** Returns what the keys of all deployed pipelines start with. */
  static String deployments() {
    return "pipelines/";
  }

  /** Returns the pipeline whose deployment has a key; empty if it is none. */
  static Optional<String> deployed(String key) {
    Matcher name = DEPLOYMENT.matcher(key);
    return name.matches() ? Optional.of(name.group(1)) : Optional.empty();
  }

  /** Returns what programs that start workers of a pipeline tell each other. */
  public static String workers(String pipeline) {
    return "workers/" + pipeline + "/";
  }

  /** Returns what says that the owner knows that no worker starts. */
  String stuck() {
    return root + "/stuck";
  }

  /** Returns what all keys of the run start with. */
  String root() {
    return root + "/";
  }

  /** Returns the plan. */
  public String plan() {
    return base + "/run.json";
  }

  /** Returns what says which image the run's jobs get, where the plan does not. */
  public String image(String name) {
    return root + "/image/" + Ids.hash(name);
  }

  String submitter() {
    return root + "/submitter.json";
  }

  String manifests() {
    return root + "/manifest/";
  }

  String manifest(int shard) {
    return root + "/manifest/" + shard(shard) + ".jsonl";
  }

  String manifest(String shard) {
    return root + "/manifest/" + shard + ".jsonl";
  }

  String input(int shard, String name) {
    return root + "/in/" + shard(shard) + "/" + name;
  }

  /** Returns an object that small inputs share. */
  String pack(String id) {
    return root + "/pack/" + id;
  }

  /** Returns the document that asked for the run, as it was understood. */
  String submission() {
    return root + "/submission.json";
  }

  /** Returns the hashes of all uploads that this run of an inbox and those before it took. */
  String taken() {
    return root + "/taken";
  }

  String seal() {
    return root + "/seal.json";
  }

  /** Returns the commit marker of a job. */
  public String done(String stage, String shard, String job) {
    return done(stage, shard) + job;
  }

  /** Returns what a shard's commit markers start with. */
  public String done(String stage, String shard) {
    return base + "/done/" + stage + "/" + shard + "/";
  }

  /** Returns what the index of a stage's failed jobs starts with. */
  public String failed(String stage) {
    return base + "/failed/" + stage + "/";
  }

  String failed(String stage, String shard, String job) {
    return failed(stage) + shard + "/" + job;
  }

  String shardDone(String stage) {
    return base + "/sdone/" + stage + "/";
  }

  String shardDone(String stage, String shard) {
    return shardDone(stage) + shard;
  }

  String stageDone(String stage) {
    return base + "/stage/" + stage;
  }

  String published(String stage) {
    return base + "/pub/" + stage;
  }

  /** Returns where an attempt's outputs lie, without a slash at its end. */
  public String out(String stage, String job, String attempt) {
    return base + "/out/" + stage + "/" + job + "/" + attempt;
  }

  /** Returns the list of a job's input files, where it is too long for a message. */
  public String inputList(String stage, String job) {
    return base + "/inputs/" + stage + "/" + job + ".json";
  }

  /** Returns the record of a failed attempt. */
  public String fail(String stage, String job, int attempt) {
    return fails(stage, job) + attempt + ".json";
  }

  /** Returns what the records of a job's failed attempts start with. */
  public String fails(String stage, String job) {
    return base + "/fail/" + stage + "/" + job + "/";
  }

  /** Returns an attempt's log. */
  public String log(String stage, String job, String attempt) {
    return base + "/log/" + stage + "/" + job + "/" + attempt + ".log";
  }

  /** Returns the marker of a run that was stopped. */
  public String cancelled() {
    return base + "/CANCELLED";
  }

  String finished() {
    return base + "/DONE";
  }

  /** Returns where a kept result is shown: {@code results/<run>/<path>}. */
  public String result(String path) {
    return "results/" + run + "/" + path;
  }

  /** Returns where an attempt's log is shown. */
  public String shownLog(String stage, String name, int attempt) {
    String file = name.isEmpty() ? stage : name;
    return "logs/" + run + "/" + stage + "/" + file + "." + attempt + ".log";
  }

  /** Returns where a zipped job's output is shown, whatever its run. */
  public static String zippedOutput(String pipeline, String name) {
    return zippedOutputs(pipeline) + name;
  }

  /** Returns the record that tells where a zipped job's newest output lies. */
  public static String zippedIndex(String pipeline, String name) {
    return "zipped/" + pipeline + "/" + name;
  }

  static String zippedOutputs(String pipeline) {
    return "outputs/" + pipeline + "/";
  }
}
