import { createHash } from "node:crypto";

/** An SQS message group ID: 1 to 128 ASCII letters, digits and punctuation characters (SQS API reference, `SendMessage`). */
export const GROUP_ID = /^[!-~]{1,128}$/;

/**
 * The group of jobs whose caller names none: the owner, so that a caller is one tenant to SQS's fair queues, where a message
 * without a group is a tenant of its own. An owner that is not a valid group ID is hashed: owners begin with the kind of their
 * authorizer, so none is another's hash.
 */
export function ownerGroup(owner: string): string {
  return GROUP_ID.test(owner) ? owner : `sha256:${createHash("sha256").update(owner).digest("base64url")}`;
}
