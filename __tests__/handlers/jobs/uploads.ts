import type { RequestParts } from "../api-event.ts";
import type { Call } from "../api-under-test.ts";

/** Asks for an upload and sends its bytes. @returns the upload, as a job names it. */
export async function upload(
  call: Call,
  content: string,
  {
    principal,
    ...asked
  }: { readonly type?: string; readonly name?: string; readonly contentType?: string } & Pick<RequestParts, "principal"> = {},
): Promise<string> {
  const body = { type: "canary", name: "data", bytes: Buffer.byteLength(content), ...asked };
  const { status, body: answer } = await call("createUpload", { body, ...(principal === undefined ? {} : { principal }) });
  if (status !== 201) throw new Error(`POST /uploads was answered with ${status}: ${JSON.stringify(answer)}`);
  const stored = await fetch(answer.url, { method: "PUT", headers: answer.headers, body: content });
  if (!stored.ok) throw new Error(`the upload was answered with ${stored.status}: ${await stored.text()}`);
  return answer.upload;
}
