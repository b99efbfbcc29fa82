import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { JobsClient } from "@autoscaling-job-queues/client/jobs-client";
import { UsageError } from "../cli-error.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { jobIds } from "../input/ids.ts";
import { jobLines } from "../output/job-view.ts";
import { memberJson } from "../output/json.ts";
import { sizeOf } from "../output/quantities.ts";
import { type Cli, defineVerb } from "../verb.ts";

interface GetOptions {
  readonly result?: true;
  readonly download?: string;
}

export const getVerb = defineVerb<GetOptions, [string[]]>({
  name: "get",
  summary: "show jobs, a job's result, or its files",
  arguments: [{ name: "<id...>", description: "IDs of jobs; - reads them from what is piped in" }],
  options: [
    { flags: "--result", description: "writes the result of one job, however large it is, as the JSON that the job gave" },
    { flags: "--download <folder>", description: "writes the files in the result of one job to a folder", completes: "files" },
  ],
  examples: [
    { command: "jobs get canary_01JCQ8N6V4W2X9Y7Z5T3R1P0MK", does: "show a job" },
    { command: "jobs get canary_01JCQ8N6V4W2X9Y7Z5T3R1P0MK --json | jq -r .status", does: "one fact of it" },
    { command: "jobs get canary_01JCQ8N6V4W2X9Y7Z5T3R1P0MK --result > result.json", does: "its result" },
  ],
  run: async (cli, [given], { result, download }) => {
    const ids = await jobIds(given, cli);
    const client = await cli.client();
    if (result === true) return await writeResult(cli, client, only(ids, "--result"));
    if (download !== undefined) return await writeFiles(cli, client, only(ids, "--download"), download);
    for (const [index, id] of ids.entries()) {
      const job = await client.get(id, { signal: cli.signal });
      await cli.out.result(job, () => [...(index === 0 ? [] : [""]), ...jobLines(job)]);
    }
    return EXIT.done;
  },
});

function only(ids: readonly string[], option: string): string {
  const [id = ""] = ids;
  if (ids.length > 1) throw new UsageError(`${option} is of one job; ${ids.length} are given`);
  return id;
}

async function writeResult({ out, signal }: Cli, client: JobsClient, id: string): Promise<ExitCode> {
  const job = await client.get(id, { signal });
  // As the answer has it: a value of JavaScript has the members first whose names are numbers.
  const text = job.status === "SUCCEEDED" && job.resultUrl === undefined ? memberJson(job, "result") : undefined;
  if (text !== undefined) await out.bytes(Readable.from([Buffer.from(text)]));
  else await out.bytes(Readable.fromWeb((await client.resultStream(id, { signal })) as never));
  return EXIT.done;
}

async function writeFiles({ out, signal }: Cli, client: JobsClient, id: string, folder: string): Promise<ExitCode> {
  const files = await client.files(id, { signal });
  await mkdir(folder, { recursive: true });
  const taken = new Set<string>();
  for (const { name, bytes, contentType, stream } of files) {
    // A name is the job's choice: it leads nowhere but into this folder.
    const file = path.join(folder, freeName(path.basename(name.replaceAll("\\", "/")), taken));
    await pipeline(Readable.fromWeb((await stream({ signal })) as never), createWriteStream(file), { signal });
    await out.result({ name, file, bytes, contentType }, () => [`${file}  ${sizeOf(bytes)}`]);
  }
  if (files.length === 0) out.note("The result has no files.");
  return EXIT.done;
}

/** Files of two attempts may have one name: `report.pdf`, and then `report-2.pdf`. Some disks take capitals for the same. */
function freeName(name: string, taken: Set<string>): string {
  const { name: stem, ext } = path.parse(name);
  let free = name;
  for (let number = 2; taken.has(free.toLowerCase()); number += 1) free = `${stem}-${number}${ext}`;
  taken.add(free.toLowerCase());
  return free;
}
