package io.yunpipe.aws.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.BackendException;
import io.yunpipe.aws.http.Call.Slice;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.Stored;
import io.yunpipe.testkit.GeneratedContent;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Objects that are sent in parts. */
@Timeout(120)
class MultipartTest {
  private static final S3Server server = S3Server.inJvm();
  private static final int MIB = 1024 * 1024;
  private static final int PART = 5 * MIB;
  private static final S3Options OPTIONS = new S3Options(PART, 2, true);

  @TempDir private Path folder;
  private FaultProxy proxy;
  private String bucket;
  private S3ObjectStore store;
  private SignedS3 calls;

  @BeforeEach
  void open() throws IOException {
    proxy = new FaultProxy(server.endpoint());
    bucket = server.newBucket();
    S3Place place = new S3Place(proxy.endpoint(), true, bucket, "");
    store = S3ObjectStore.over(server.http(), place, OPTIONS);
    calls = new SignedS3(server.http(), server.place(bucket, ""), true);
  }

  @AfterEach
  void close() throws IOException {
    store.close();
    proxy.close();
    server.deleteBucket(bucket);
  }

  private long sentParts() {
    return proxy.seen().stream().filter(line -> line.contains("partNumber=")).count();
  }

  private Path file(int parts, int more) throws IOException {
    byte[] bytes = new byte[parts * PART + more];
    new Random(parts).nextBytes(bytes);
    return Files.write(folder.resolve("file"), bytes);
  }

  private static String sha256(InputStream in) throws Exception {
    MessageDigest digest = Digests.sha256();
    try (DigestInputStream digested = new DigestInputStream(in, digest)) {
      digested.transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  @ParameterizedTest
  @CsvSource({"-1, 0", "0, 0", "1, 2", "5242880, 2"})
  void put_aroundThePartSize_takesAsManyPartsAsNeeded(int more, int parts) throws Exception {
    Path file = file(1, more);

    Stored stored = store.put("a", Content.of(file));

    assertThat(sentParts()).isEqualTo(parts);
    assertThat(stored.size()).isEqualTo(PART + more);
    assertThat(stored.sha256()).isEqualTo(sha256(Files.newInputStream(file)));
    assertThat(sha256(store.get("a").orElseThrow())).isEqualTo(stored.sha256());
    assertThat(calls.uploads("a")).isEmpty();
  }

  @Test
  void put_unknownSize_isTheSame() throws Exception {
    Stored stored = store.put("a", new GeneratedContent(3L * PART + 1, false));

    assertThat(stored.size()).isEqualTo(3L * PART + 1);
    assertThat(sha256(store.get("a").orElseThrow()))
        .isEqualTo(stored.sha256())
        .isEqualTo(sha256(new GeneratedContent(3L * PART + 1, true).open()));
  }

  @Test
  void put_ofAFileThatWasBrokenOff_sendsOnlyWhatIsMissing() throws Exception {
    Path file = file(9, 100);
    for (int i = 0; i < 40; i++) {
      proxy.next("partNumber=7", FaultProxy.drop());
    }
    assertThatThrownBy(() -> store.put("a", Content.of(file)))
        .isInstanceOf(BackendException.class)
        .matches(e -> ((BackendException) e).retryable());
    assertThat(calls.uploads("a")).as("kept to be resumed").hasSize(1);
    int there = calls.parts("a", calls.uploads("a").get(0).id()).size();
    assertThat(there).isGreaterThanOrEqualTo(6);
    proxy.close();
    proxy = new FaultProxy(server.endpoint());
    S3Place place = new S3Place(proxy.endpoint(), true, bucket, "");

    try (S3ObjectStore second = S3ObjectStore.over(server.http(), place, OPTIONS)) {
      Stored stored = second.put("a", Content.of(file));

      assertThat(sentParts()).isEqualTo(10 - there);
      assertThat(stored.sha256()).isEqualTo(sha256(Files.newInputStream(file)));
      assertThat(sha256(second.get("a").orElseThrow())).isEqualTo(stored.sha256());
    }
  }

  @Test
  void put_ofAFileThatChangedSinceItWasBrokenOff_sendsWhatChanged() throws Exception {
    Path file = file(9, 0);
    byte[] bytes = Files.readAllBytes(file);
    String upload = calls.createUpload("a", "another");
    for (int part = 1; part <= 3; part++) {
      calls.uploadPart("a", upload, part, new Slice(bytes, (part - 1) * PART, PART));
    }
    try (RandomAccessFile changed = new RandomAccessFile(file.toFile(), "rw")) {
      changed.seek(PART + 17);
      changed.write(bytes[PART + 17] + 1);
    }

    store.put("a", Content.of(file));

    assertThat(sentParts()).as("all but the first and third").isEqualTo(7);
    assertThat(sha256(store.get("a").orElseThrow())).isEqualTo(sha256(Files.newInputStream(file)));
  }

  @Test
  void put_foundUploadOfAnotherKind_beginsAnew() throws Exception {
    Path file = file(9, 0);
    byte[] bytes = Files.readAllBytes(file);
    SignedS3 without = new SignedS3(server.http(), server.place(bucket, ""), false);
    String upload = without.createUpload("a", "another");
    without.uploadPart("a", upload, 1, new Slice(bytes, 0, PART));

    store.put("a", Content.of(file));

    assertThat(sha256(store.get("a").orElseThrow())).isEqualTo(sha256(Files.newInputStream(file)));
  }

  @Test
  void put_whoseSourceFails_leavesNoUpload() {
    assertThatThrownBy(
            () ->
                store.put(
                    "a",
                    new Content() {
                      @Override
                      public long size() {
                        return -1;
                      }

                      @Override
                      public InputStream open() {
                        return new SequenceInputStream(
                            new GeneratedContent(2L * PART, true).open(), new Broken());
                      }
                    }))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("the disk is gone");

    assertThat(calls.uploads("a")).isEmpty();
    assertThat(store.head("a")).isEmpty();
  }

  private static final class Broken extends InputStream {
    @Override
    public int read() throws IOException {
      throw new IOException("the disk is gone");
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      throw new IOException("the disk is gone");
    }
  }

  @Test
  void put_ofAFileThatGrows_isRefused() throws IOException {
    Path file = file(1, 10);
    Content grown =
        new Content() {
          @Override
          public long size() {
            return PART;
          }

          @Override
          public InputStream open() throws IOException {
            return Files.newInputStream(file);
          }
        };

    assertThatThrownBy(() -> store.put("a", grown))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("its size, 5242880 bytes, changed while it was read");
  }

  @Test
  void putIfAbsent_takenKey_sendsNothing() {
    store.put("a", Content.of("taken"));

    assertThat(store.putIfAbsent("a", new GeneratedContent(3L * PART, true))).isFalse();

    assertThat(sentParts()).isZero();
    assertThat(calls.uploads("a")).isEmpty();
  }

  @Test
  void putIfMatch_inParts_keepsItsCondition() {
    store.put("a", Content.of("1"));
    String etag = store.head("a").orElseThrow().etag();

    assertThat(store.putIfMatch("a", new GeneratedContent(PART + 1L, true), "other")).isFalse();
    assertThat(calls.uploads("a")).isEmpty();
    assertThat(store.putIfMatch("a", new GeneratedContent(PART + 1L, true), etag)).isTrue();

    assertThat(store.head("a").orElseThrow().size()).isEqualTo(PART + 1L);
  }

  @Test
  void uploads_manyAtOnce_shareTheMemory() {
    List<Stored> stored =
        IntStream.range(0, 6)
            .parallel()
            .mapToObj(i -> store.put("f" + i, new GeneratedContent(2L * PART + i, i % 2 == 0)))
            .toList();

    assertThat(stored).hasSize(6);
    for (int i = 0; i < 6; i++) {
      assertThat(store.head("f" + i).orElseThrow().size()).isEqualTo(2L * PART + i);
    }
  }

  @Test
  void partSizes_fiveTebibytes_takeAtMostTenThousandParts() {
    long most = 5L << 40;
    PartSizes known = new PartSizes(8 * MIB, most);
    assertThat((long) known.of(1) * PartSizes.MOST).isGreaterThan(most);
    assertThat(new PartSizes(8 * MIB, 1L << 30).of(1)).isEqualTo(8 * MIB);

    PartSizes unknown = new PartSizes(8 * MIB, -1);
    long sum = IntStream.rangeClosed(1, PartSizes.MOST).mapToLong(unknown::of).sum();
    assertThat(sum).isGreaterThan(3L << 40);
    assertThat(unknown.of(1000)).isEqualTo(8 * MIB);
  }
}
