package io.yunpipe.wrap;

/** Takes nothing: for who only asks what would be written to a registry. */
final class Nowhere implements ImageTarget {
  @Override
  public boolean takesIndex() {
    return true;
  }

  @Override
  public String typed(String mediaType) {
    return RegistryTarget.type(mediaType);
  }

  @Override
  public boolean begin(Document top) {
    return false;
  }

  @Override
  public void layer(Descriptor blob, ImageSource base) {
    throw notBegun();
  }

  @Override
  public void blob(Descriptor blob, Body body) {
    throw notBegun();
  }

  @Override
  public void manifest(Document manifest) {
    throw notBegun();
  }

  @Override
  public void finish(Document top) {
    throw notBegun();
  }

  private static IllegalStateException notBegun() {
    return new IllegalStateException("Nothing is written here");
  }
}
