package io.yunpipe.aws.s3;

/** What a call is for, and the permission it needs. */
enum S3Action {
  STORE("store", "s3:PutObject"),
  READ("read", "s3:GetObject"),
  LOOK("look for", "s3:GetObject"),
  LIST("list", "s3:ListBucket"),
  DELETE("delete", "s3:DeleteObject"),
  BEGIN_UPLOAD("begin the upload of", "s3:PutObject"),
  STORE_PART("store a part of", "s3:PutObject"),
  LIST_PARTS("list the stored parts of", "s3:ListMultipartUploadParts"),
  LIST_UPLOADS("list the uploads of", "s3:ListBucketMultipartUploads"),
  FINISH_UPLOAD("finish the upload of", "s3:PutObject"),
  ABORT_UPLOAD("drop the upload of", "s3:AbortMultipartUpload"),
  LINK("make a link to", "s3:GetObject");

  private final String words;
  private final String permission;

  S3Action(String words, String permission) {
    this.words = words;
    this.permission = permission;
  }

  String words() {
    return words;
  }

  String permission() {
    return permission;
  }

  /** Returns the name of what the permission is granted on. */
  String resource(String bucket) {
    String name = "arn:aws:s3:::" + bucket;
    return this == LIST || this == LIST_UPLOADS ? name : name + "/*";
  }
}
