package io.yunpipe.aws.template;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What roles may do with objects and messages. */
final class DataPermissions {
  private static final List<String> WRITE =
      List.of("s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts");

  private static final List<String> TAKE =
      List.of("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility");

  private static final List<String> LOOK = List.of("sqs:GetQueueUrl", "sqs:GetQueueAttributes");

  /** Zipped jobs, and files that commands name: stored once, for all pipelines of a store. */
  private static final List<String> SHARED = List.of("files/*", "zips/*");

  private final StackSpec spec;
  private final String pipeline;

  DataPermissions(StackSpec spec) {
    this.spec = spec;
    this.pipeline = spec.names().pipeline();
  }

  static String bucketArn(Account account, String bucket) {
    return "arn:" + account.partition() + ":s3:::" + bucket;
  }

  private String bucket() {
    return bucketArn(spec.account(), spec.bucket().name());
  }

  /** Returns names of objects, for keys as the store has them. */
  List<String> objects(String... keys) {
    return Arrays.stream(keys).map(this::object).toList();
  }

  private String object(String key) {
    return bucket() + "/" + spec.bucket().prefix() + key;
  }

  private String queue(String name) {
    return spec.account().arn("sqs", name);
  }

  /** Returns what workers need: read all data, write what a job makes, take and send messages. */
  List<Statement> job() {
    List<Statement> may = new ArrayList<>();
    may.add(Statement.allow("ReadData", List.of("s3:GetObject"), objects("*")));
    may.addAll(listings());
    may.add(
        Statement.allow(
            "WriteResults", WRITE, objects("runs/*", "ended/*", "zipped/" + pipeline + "/*")));
    // Outputs of an attempt that lost, and the index of a run that is finished.
    may.add(
        Statement.allow(
            "RemoveLosers",
            List.of("s3:DeleteObject"),
            objects(concat(WriteOnce.below("out"), List.of("open/*")).toArray(String[]::new))));
    writeOnce().ifPresent(may::add);
    may.add(
        Statement.allow(
            "Messages",
            concat(LOOK, concat(TAKE, List.of("sqs:SendMessage"))),
            List.of(ofStages())));
    // No stage's name starts with a hyphen; what a job runs must not pretend that files came.
    may.add(
        Statement.deny("NoEvents", List.of("sqs:*"), List.of(queue(spec.names().ingress() + "*"))));
    return may;
  }

  /** Returns what the router needs: as a submitter, for what is in the inbox. */
  List<Statement> router() {
    List<Statement> may = new ArrayList<>();
    may.add(Statement.allow("ReadData", List.of("s3:GetObject"), objects("*")));
    may.addAll(listings());
    may.add(
        Statement.allow(
            "WriteRuns",
            WRITE,
            objects(
                "runs/*",
                "open/*",
                "ended/*",
                "workers/" + pipeline + "/*",
                "index/" + pipeline + "/*",
                "inboxes/" + pipeline + "/*",
                "zipped/" + pipeline + "/*")));
    may.add(Statement.allow("CloseRuns", List.of("s3:DeleteObject"), objects("open/*", "ended/*")));
    writeOnce().ifPresent(may::add);
    may.add(
        Statement.allow(
            "Messages",
            concat(LOOK, concat(TAKE, List.of("sqs:SendMessage"))),
            List.of(ofStages())));
    return may;
  }

  /** Returns what people need who submit, watch, fetch, cancel and try again. */
  List<Statement> user() {
    List<Statement> may = new ArrayList<>();
    may.add(Statement.allow("ReadData", List.of("s3:GetObject"), objects("*")));
    may.addAll(listings());
    may.add(
        Statement.allow(
            "Submit",
            WRITE,
            objects(
                concat(
                        SHARED,
                        List.of(
                            "runs/*",
                            "open/*",
                            "ended/*",
                            "workers/" + pipeline + "/*",
                            "index/" + pipeline + "/*",
                            "inbox/" + pipeline + "/*",
                            "inboxes/" + pipeline + "/*",
                            "zipped/" + pipeline + "/*",
                            "outputs/" + pipeline + "/*"))
                    .toArray(String[]::new))));
    may.add(
        Statement.allow(
            "Replace",
            List.of("s3:DeleteObject"),
            objects(
                Stream.of(
                        WriteOnce.below("in"),
                        SHARED,
                        List.of("open/*", "ended/*", "inbox/" + pipeline + "/*"))
                    .flatMap(List::stream)
                    .toArray(String[]::new))));
    writeOnce().ifPresent(may::add);
    may.add(
        Statement.allow("Messages", concat(LOOK, List.of("sqs:SendMessage")), List.of(ofStages())));
    // Who waits for a run commits what killed its workers as failed.
    may.add(Statement.allow("DeadLetters", TAKE, List.of(queue(spec.names().queues() + "*_dead"))));
    may.add(
        Statement.deny("NoEvents", List.of("sqs:*"), List.of(queue(spec.names().ingress() + "*"))));
    return may;
  }

  /** Returns what people of a lab need; the tag lab of who asks is the folder's name. */
  List<Statement> lab() {
    String folder = "inbox/" + pipeline + "/@${aws:PrincipalTag/lab}/";
    return List.of(
        Statement.allow(
            "OwnFolder",
            concat(List.of("s3:GetObject", "s3:DeleteObject"), WRITE),
            objects(folder + "*")),
        Statement.allow("ListOwnFolder", List.of("s3:ListBucket"), List.of(bucket()))
            .when("StringLike", "s3:prefix", List.of(spec.bucket().prefix() + folder + "*")));
  }

  private List<Statement> listings() {
    Statement objects = Statement.allow("ListData", List.of("s3:ListBucket"), List.of(bucket()));
    Statement uploads =
        Statement.allow("ListUploads", List.of("s3:ListBucketMultipartUploads"), List.of(bucket()));
    String prefix = spec.bucket().prefix();
    return prefix.isEmpty()
        ? List.of(objects, uploads)
        : List.of(
            objects.when("StringLike", "s3:prefix", List.of(prefix + "*")),
            uploads.when("StringLike", "s3:prefix", List.of(prefix + "*")));
  }

  /** Returns names of all facts. */
  List<String> facts() {
    return objects(WriteOnce.keys(pipeline).toArray(String[]::new));
  }

  /** Facts are written only by who says that they must not be there yet. */
  static Statement writeOnce(List<String> facts) {
    return Statement.deny("WriteOnce", List.of("s3:PutObject"), facts)
        .when("Null", "s3:if-none-match", "true")
        // Parts of an upload cannot carry the condition; its end can.
        .when("Bool", "s3:ObjectCreationOperation", "true");
  }

  /** Where the bucket is not ours, its policy does not say it. */
  private Optional<Statement> writeOnce() {
    return spec.bucket().owned() ? Optional.empty() : Optional.of(writeOnce(facts()));
  }

  private String ofStages() {
    return queue(spec.names().queues() + "*");
  }

  private static List<String> concat(List<String> some, List<String> others) {
    return Stream.concat(some.stream(), others.stream()).toList();
  }
}
