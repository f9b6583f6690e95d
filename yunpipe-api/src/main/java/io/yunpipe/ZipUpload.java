package io.yunpipe;

/**
 * A zipped job that was uploaded.
 *
 * @param run the run that does it
 * @param sha256 checksum of the zip, which is also its name in the store
 * @param alreadyStored whether an identical zip was there, so that nothing was uploaded
 * @param size bytes of the zip
 */
public record ZipUpload(Run run, String sha256, boolean alreadyStored, long size) {}
