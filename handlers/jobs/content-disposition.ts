import { INPUT_FOLDERS } from "@autoscaling-job-queues/domain/payload";

/** A longer name is cut: a name that a job gives its file has at most 128 characters. */
const MAX_CHARACTERS = 128;

/**
 * The header that has browsers save an object instead of showing it: what a job wrote, such as HTML or SVG with a script, must not
 * run as a page of the bucket. The file is named as the last part of the object's key (RFC 6266).
 */
export function contentDisposition(key: string): string {
  // The key of an input ends with the ID of a write.
  const last = INPUT_FOLDERS.some((folder) => key.startsWith(`${folder}/`)) ? "input.json" : key.slice(key.lastIndexOf("/") + 1);
  const name = last.toWellFormed().slice(0, MAX_CHARACTERS).toWellFormed() || "file";
  const plain = name.replaceAll(/[^\w. -]/g, "_");
  return `attachment; filename="${plain}"${plain === name ? "" : `; filename*=UTF-8''${encode(name)}`}`;
}

/** Percent-encoding of all that RFC 8187 does not allow; `encodeURIComponent` leaves a few of those. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
