package io.yunpipe.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.BackendException;
import io.yunpipe.InvalidInputException;
import io.yunpipe.internal.Children.Item;
import io.yunpipe.internal.Submission.Offer;
import io.yunpipe.internal.Submission.Part;
import io.yunpipe.internal.Uploads.Named;
import io.yunpipe.internal.source.MapStore;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.Stored;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UploadsTest {
  private final MapStore near = new MapStore();
  private final MapStore far =
      new MapStore() {
        @Override
        public int parallelism() {
          return 4;
        }
      };

  @Test
  void take_smallInputsForAFarStore_sharesObjects() throws IOException {
    List<byte[]> contents = contents(300, 10_000);
    List<Item> items = take(far, contents);
    assertThat(far.objects).hasSize(1);
    for (int i = 0; i < contents.size(); i++) {
      assertThat(read(far, items.get(i).files().get(0))).isEqualTo(contents.get(i));
    }
  }

  @Test
  void take_moreThanOneObjectHolds_beginsAnother() throws IOException {
    List<byte[]> contents = contents(300, 40_000);
    List<Item> items = take(far, contents);
    assertThat(far.objects).hasSize(3);
    assertThat(read(far, items.get(299).files().get(0))).isEqualTo(contents.get(299));
  }

  @Test
  void take_largeAndTinyInputsForAFarStore_haveObjectsOfTheirOwnOrNone() throws IOException {
    List<byte[]> contents = new ArrayList<>(contents(10, 100_000));
    contents.addAll(contents(10, 1000));
    List<Item> items = take(far, contents);
    assertThat(far.objects.keySet()).hasSize(10).allMatch(key -> key.contains("/in/000000/"));
    for (int i = 0; i < contents.size(); i++) {
      assertThat(read(far, items.get(i).files().get(0))).isEqualTo(contents.get(i));
    }
  }

  @Test
  void take_smallInputsForANearStore_keepsThemApart() {
    take(near, contents(20, 10_000));
    assertThat(near.objects).hasSize(20);
  }

  @Test
  void take_nearOrFar_givesTheSameItems() {
    List<byte[]> contents = contents(20, 10_000);
    assertThat(take(far, contents).stream().map(Item::lineage))
        .containsExactlyElementsOf(take(near, contents).stream().map(Item::lineage).toList());
  }

  @Test
  void take_unreadableInput_becomesAProblemAndOthersGoOn() {
    Content broken =
        new Content() {
          @Override
          public long size() {
            return 100_000;
          }

          @Override
          public InputStream open() {
            throw new InvalidInputException("it is gone");
          }
        };
    List<Item> items;
    try (Uploads uploads = new Uploads(far, new Keys("r", 1))) {
      items = uploads.take(List.of(named("a", broken), named("b", content(10_000))), 0);
    }
    assertThat(items.get(0).problem()).isEqualTo("it is gone");
    assertThat(items.get(0).files()).isEmpty();
    assertThat(items.get(1).problem()).isNull();
  }

  @Test
  void take_storeFails_throwsWhatItThrew() {
    MapStore failing =
        new MapStore() {
          @Override
          public int parallelism() {
            return 3;
          }

          @Override
          public Stored put(String key, Content content) {
            throw new BackendException("no space", null);
          }
        };
    assertThatThrownBy(() -> take(failing, contents(50, 70_000)))
        .isInstanceOf(BackendException.class)
        .hasMessage("no space");
  }

  private static List<Item> take(MapStore store, List<byte[]> contents) {
    List<Named> inputs = new ArrayList<>();
    for (int i = 0; i < contents.size(); i++) {
      inputs.add(named("f" + i, Content.of(contents.get(i))));
    }
    try (Uploads uploads = new Uploads(store, new Keys("r", 1))) {
      return uploads.take(inputs, 0);
    }
  }

  private static Named named(String name, Content content) {
    return new Named(name, new Offer(name, List.of(new Part(name, content, null))));
  }

  private static Content content(int size) {
    return Content.of(new byte[size]);
  }

  private static List<byte[]> contents(int count, int size) {
    Random random = new Random(count);
    List<byte[]> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] bytes = new byte[size];
      random.nextBytes(bytes);
      all.add(bytes);
    }
    return all;
  }

  private static byte[] read(MapStore store, InputRef file) throws IOException {
    byte[] inline = file.inline();
    if (inline != null) {
      return inline;
    }
    Long offset = file.offset();
    try (InputStream in =
        (offset == null ? store.get(file.key()) : store.get(file.key(), offset, file.size()))
            .orElseThrow()) {
      return in.readAllBytes();
    }
  }
}
