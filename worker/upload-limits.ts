/** Bytes of each part of an upload but the last: the least that S3 allows (S3: "Multipart upload limits"), to hold little. */
export const PART_BYTES = 5 * 1_048_576;

/** Parts of an upload, at most (S3: "Multipart upload limits"). */
const MAX_PARTS = 10_000;

/** The largest file that a job can store, in bytes: 48.8 GiB. */
export const MAX_FILE_BYTES = MAX_PARTS * PART_BYTES;
