import { hasEnded } from "@autoscaling-job-queues/client/job";
import { CliError, UsageError } from "../cli-error.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { jobIds } from "../input/ids.ts";
import { isTypeName } from "../input/type-name.ts";
import { jobLogs } from "../logs/job-logs.ts";
import { logLines } from "../logs/log-line.ts";
import { workerLines } from "../logs/worker-lines.ts";
import { type Cli, defineVerb } from "../verb.ts";
import { untilNextLook } from "./next-look.ts";

export const logsVerb = defineVerb<{ readonly follow?: true }, [string]>({
  name: "logs",
  summary: "show what a job logged, in all its attempts, or the workers of a type",
  details:
    "With a job type instead of an ID it shows the last 100 lines of its workers, also those of no job: why they do not start. On AWS it reads CloudWatch Logs with your AWS credentials (logs:FilterLogEvents on the group /<namePrefix>/workers/<type>). The namePrefix is JOBS_NAME_PREFIX, or what API Gateway calls the API (apigateway:GET). On one machine it reads the files of the platform that runs. As JSON, each line is the one that the worker wrote.",
  arguments: [{ name: "<id>", description: "the job's ID, or a job type", completes: "jobTypes" }],
  options: [{ flags: "-f, --follow", description: "goes on until the job has ended" }],
  examples: [
    { command: "jobs logs canary_01JCQ8N6V4W2X9Y7Z5T3R1P0MK", does: "what a job logged" },
    { command: "jobs logs canary_01JCQ8N6V4W2X9Y7Z5T3R1P0MK --follow", does: "and what it logs from now on" },
    { command: "jobs logs canary", does: "what the workers of a type said last" },
    {
      command: `jobs logs canary_01JCQ8N6V4W2X9Y7Z5T3R1P0MK --json | jq -r 'select(.level == "ERROR").message'`,
      does: "errors alone",
    },
  ],
  run: async (cli, [given], { follow }) => {
    const { out, signal } = cli;
    if (isTypeName(given)) return await showWorkers(cli, given, follow);
    const [id = given] = await jobIds([given], cli);
    const client = await cli.client();
    const job = await client.get(id, { signal });
    const source = await jobLogs(await cli.connection(), job, cli.env);
    let count = 0;
    const tell = async (): Promise<void> => {
      for await (const line of source.newLines(signal)) {
        count += 1;
        await (out.isJson ? out.text(line.text) : out.lines(logLines(line)));
      }
    };
    await tell();
    if (follow === true) {
      let isOver = hasEnded(job);
      while (!isOver) {
        await untilNextLook(signal, source.pollMs);
        signal.throwIfAborted();
        isOver = hasEnded(await client.get(id, { signal }));
        await tell();
      }
      await untilNextLook(signal, source.lateMs);
      await tell();
    }
    if (count === 0)
      out.note(
        job.attempt === 0
          ? `No worker has taken the job up yet: jobs why ${id}; what its workers said: jobs logs ${job.type}`
          : "The job has no lines.",
      );
    return EXIT.done;
  },
});

async function showWorkers(cli: Cli, type: string, follow: true | undefined): Promise<ExitCode> {
  if (follow === true) throw new UsageError("--follow needs a job's ID");
  const { out, signal, env } = cli;
  const types = await (await cli.client()).jobTypes({ signal });
  if (!types.some(({ name }) => name === type)) {
    throw new CliError(`there is no job type "${type}"; there are: ${types.map(({ name }) => name).join(", ")}`);
  }
  const lines = await workerLines(await cli.connection(), type, env, signal);
  for (const line of lines) await (out.isJson ? out.text(line.text) : out.lines(logLines(line)));
  if (lines.length === 0) out.note(`The workers of ${type} have written nothing lately.`);
  return EXIT.done;
}
