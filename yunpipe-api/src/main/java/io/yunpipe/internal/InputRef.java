package io.yunpipe.internal;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * One file of a job's input: a stored object, or bytes that travel with the message.
 *
 * @param name its path inside the job's input folder
 * @param key the object, or null if the bytes are inline
 * @param size bytes
 * @param sha256 SHA-256, lower-case hex; empty if not known
 * @param inline the bytes in Base64 (by Jackson), or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record InputRef(
    String name, @Nullable String key, long size, String sha256, byte @Nullable [] inline) {}
