package io.yunpipe.wrap;

/**
 * A manifest or an index, as its bytes.
 *
 * @param mediaType what the registry calls it; may be empty
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Document(String mediaType, byte[] bytes) {
  String digest() {
    return Digest.of(bytes);
  }
}
