import { readdir, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { callSettings } from "@autoscaling-job-queues/domain/clients";
import { JobQueueError } from "@autoscaling-job-queues/domain/errors";
import { GetObjectCommand, paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import type { Backend, Environment, S3Backend } from "../environments/environment.ts";
import { STATE_ENDING, stateClientSettings, statePrefix } from "../modules/state-places.ts";

type RemoteBackend = Extract<Backend, { readonly kind: "remote" }>;

/** How many resources the states of an environment manage, by stack. A state that was emptied, as by `terraform destroy`, has 0. */
export type States = ReadonlyMap<string, number>;

/** What of Terraform's state is read: JSON of version 4. */
interface StateFile {
  readonly resources?: readonly { readonly mode: string; readonly instances?: readonly unknown[] }[];
}

/** A page of HCP Terraform's workspaces (HCP Terraform API: list workspaces). */
interface WorkspacesPage {
  readonly data: readonly { readonly attributes: { readonly name: string; readonly "resource-count": number | null } }[];
  readonly meta: { readonly pagination: { readonly "next-page": number | null } };
}

/**
 * The states that there are where an environment keeps them, whether or not a stack of theirs is still synthesized.
 *
 * @param request in place of `fetch`, for HCP Terraform.
 * @throws JobQueueError "StatesUnreadable" when HCP Terraform refuses, or there is no token for it; what the SDK throws for S3.
 */
export async function statesOf(environment: Environment, request: typeof fetch = fetch): Promise<States> {
  const { backend } = environment;
  if (backend.kind === "s3") return await inBucket(backend, environment);
  return backend.kind === "local" ? await inFolder(backend.path) : await inOrganization(backend, request);
}

async function inBucket(backend: S3Backend, environment: Environment): Promise<States> {
  const s3 = new S3Client({ ...callSettings(), ...stateClientSettings(backend, environment) });
  const { bucket: Bucket } = backend;
  const states = new Map<string, number>();
  const prefix = statePrefix(environment);
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket, Prefix: prefix })) {
    for (const { Key = "" } of Contents) {
      const stack = stackOf(Key.slice(prefix.length));
      if (stack === undefined) continue;
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      states.set(stack, managedIn((await Body?.transformToString()) ?? ""));
    }
  }
  s3.destroy();
  return states;
}

async function inFolder(folder: string): Promise<States> {
  const files = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const states = new Map<string, number>();
  for (const file of files) {
    const stack = stackOf(file);
    if (stack !== undefined) states.set(stack, managedIn(await readFile(path.join(folder, file), "utf8")));
  }
  return states;
}

async function inOrganization(
  { hostname, organization, workspacePrefix }: RemoteBackend,
  request: typeof fetch,
): Promise<States> {
  const headers = { authorization: `Bearer ${await tokenFor(hostname)}` };
  const states = new Map<string, number>();
  for (let page: number | null = 1; page !== null; ) {
    const query = new URLSearchParams({ "page[size]": "100", "page[number]": String(page), "search[name]": workspacePrefix });
    const url = `https://${hostname}/api/v2/organizations/${organization}/workspaces?${query}`;
    const response: Response = await request(url, { headers, signal: AbortSignal.timeout(30_000) });
    if (!response.ok)
      throw new JobQueueError("StatesUnreadable", `${url} answered ${response.status}; may the token list workspaces?`);
    const { data, meta } = (await response.json()) as WorkspacesPage;
    for (const { attributes } of data) {
      const { name, "resource-count": resources } = attributes;
      // The search finds the text anywhere in a name.
      if (name.startsWith(workspacePrefix)) states.set(name.slice(workspacePrefix.length), resources ?? 0);
    }
    page = meta.pagination["next-page"];
  }
  return states;
}

/** As Terraform finds it (CLI configuration: credentials): in a variable, or where `terraform login` puts it. */
async function tokenFor(hostname: string): Promise<string> {
  const variable = `TF_TOKEN_${hostname.replaceAll("-", "__").replaceAll(".", "_")}`;
  const stored = path.join(homedir(), ".terraform.d", "credentials.tfrc.json");
  const { credentials = {} } = JSON.parse(await readFile(stored, "utf8").catch(() => "{}")) as {
    readonly credentials?: Readonly<Record<string, { readonly token?: string }>>;
  };
  const token = process.env[variable] ?? credentials[hostname]?.token;
  if (token !== undefined) return token;
  throw new JobQueueError(
    "StatesUnreadable",
    `there is no token for ${hostname}; set ${variable}, or run terraform login ${hostname}`,
  );
}

/** Lock files and backups have other endings. */
function stackOf(file: string): string | undefined {
  return file.endsWith(STATE_ENDING) && !file.includes("/") ? file.slice(0, -STATE_ENDING.length) : undefined;
}

function managedIn(text: string): number {
  const { resources = [] } = JSON.parse(text === "" ? "{}" : text) as StateFile;
  return resources.filter(({ mode }) => mode === "managed").reduce((sum, { instances = [] }) => sum + instances.length, 0);
}
