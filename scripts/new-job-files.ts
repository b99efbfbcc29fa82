import { readFile } from "node:fs/promises";

/**
 * The files of a new job type, by their names in its folder: one that does something small, so that what its author changes runs already.
 *
 * @param isProcess whether its work is done by a command.
 * @param docs way from its folder to the documentation.
 */
export async function newJobFiles(
  name: string,
  { isProcess, docs }: { readonly isProcess: boolean; readonly docs: string },
): Promise<Readonly<Record<string, string>>> {
  const identifier = `${name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())}Job`;
  const shared = { "README.md": readme(name, isProcess, docs), "package.json": await manifest(name) };
  if (isProcess) {
    return {
      ...shared,
      "job-type.ts": processJobType(name, identifier),
      "bin/job.sh": COMMAND,
      "job.test.ts": processTest(identifier),
    };
  }
  return {
    ...shared,
    "job-type.ts": jobType(name, identifier),
    "job.ts": handler(identifier),
    "job.test.ts": handlerTest(),
  };
}

/** With the version of zod that the checkout has. */
async function manifest(name: string): Promise<string> {
  const root = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8")) as {
    readonly dependencies: { readonly zod: string };
  };
  const scope = "@autoscaling-job-queues";
  return `${JSON.stringify(
    {
      name: `${scope}/job-${name}`,
      version: "0.1.0",
      private: true,
      type: "module",
      devDependencies: { [`${scope}/domain`]: "*", [`${scope}/worker`]: "*", zod: root.dependencies.zod },
    },
    undefined,
    2,
  )}\n`;
}

function jobType(name: string, identifier: string): string {
  return `import { defineJobType } from "@autoscaling-job-queues/domain/job-type";
import * as z from "zod";

export const ${identifier} = defineJobType({
  name: "${name}",
  description: "Greets everyone who is named",
  input: z.strictObject({
    names: z.array(z.string().min(1).max(100)).min(1).max(1_000).describe("Who is greeted"),
  }),
  timeoutSeconds: 60,
});

export default ${identifier};
`;
}

function handler(identifier: string): string {
  return `import { defineJob } from "@autoscaling-job-queues/worker/define-job";
import { ${identifier} } from "./job-type.ts";

export default defineJob(${identifier}, async ({ names }, job) => {
  const lines: string[] = [];
  for (const [index, name] of names.entries()) {
    // Throws once the job is cancelled or out of time, so that the loop ends.
    await job.progress(index / names.length, name);
    lines.push(\`Hello, \${name}!\\n\`);
  }
  job.logger.info("greeted", { names: names.length });
  const greetings = await job.putFile("greetings.txt", lines.join(""), "text/plain; charset=utf-8");
  return { greeted: names.length, greetings };
});
`;
}

function handlerTest(): string {
  return `import { testJob } from "@autoscaling-job-queues/worker/testing";
import { expect, it } from "vitest";
import job from "./job.ts";

it("greets everyone who is named", async () => {
  const { result, files, progress } = await testJob(job, { names: ["Ada", "Grace"] });
  expect(result).toMatchObject({ greeted: 2 });
  expect(new TextDecoder().decode(files.get("greetings.txt")?.bytes)).toBe("Hello, Ada!\\nHello, Grace!\\n");
  expect(progress.at(-1)).toEqual({ fraction: 0.5, message: "Grace" });
});

it("ends when the job is cancelled", async () => {
  const signal = AbortSignal.abort(new Error("the job was cancelled"));
  await expect(testJob(job, { names: ["Ada"] }, { signal })).rejects.toThrow("the job was cancelled");
});

it("greets somebody", async () => {
  await expect(testJob(job, { names: [] })).rejects.toMatchObject({ code: "InvalidInput" });
});
`;
}

function processJobType(name: string, identifier: string): string {
  return `import { defineJobType } from "@autoscaling-job-queues/domain/job-type";
import * as z from "zod";

export const ${identifier} = defineJobType({
  name: "${name}",
  description: "Adds up the whole numbers from 1 to the last",
  input: z.strictObject({ last: z.int().min(1).max(1_000).describe("The last number") }),
  timeoutSeconds: 60,
  isolation: "process",
  command: ["sh", "job.sh"],
});

export default ${identifier};
`;
}

const COMMAND = `#!/bin/sh
# Adds up the numbers from 1 to {"last": n}. Input: JSON on standard input. Result: JSON on standard output.
# The schema allows one whole number, so its digits are the input; a program that takes more needs a parser of JSON.
set -eu
last=$(tr -cd '0-9')

# Lines of standard error are progress, or else the log.
echo "progress 0.1 adding" >&2
number=1
while [ "$number" -le "$last" ]; do
  echo "$number"
  number=$((number + 1))
done >"$JOB_FILES/numbers.txt"

printf '{"sum":%d}\\n' "$((last * (last + 1) / 2))"
`;

function processTest(identifier: string): string {
  return `import { testCommand } from "@autoscaling-job-queues/worker/testing";
import { expect, it } from "vitest";
import { ${identifier} } from "./job-type.ts";

const bin = new URL("./bin/", import.meta.url);

it("adds up the numbers, and lists them", async () => {
  const { result, files, progress } = await testCommand(${identifier}, { last: 4 }, { bin });
  expect(result).toMatchObject({ sum: 10 });
  expect(new TextDecoder().decode(files.get("numbers.txt")?.bytes)).toBe("1\\n2\\n3\\n4\\n");
  expect(progress).toEqual([{ fraction: 0.1, message: "adding" }]);
});

it("takes whole numbers from 1 to 1,000", async () => {
  await expect(testCommand(${identifier}, { last: 0 }, { bin })).rejects.toMatchObject({ code: "InvalidInput" });
});
`;
}

function readme(name: string, isProcess: boolean, docs: string): string {
  const input = isProcess ? '{"last":4}' : '{"names":["Ada","Grace"]}';
  const files = isProcess
    ? `| \`bin/\` | the programs; \`command\` in job-type.ts says which is run. It may be in any language that [the image](${docs}/job-types.md#the-image) has |
| \`job.test.ts\` | runs the real command |`
    : `| \`job.ts\` | the handler |
| \`job.test.ts\` | its tests |`;
  const guide = isProcess ? "#jobs-in-another-language" : "#jobts";
  return `# ${name}

${isProcess ? "Adds up the whole numbers from 1 to the last, and lists them." : "Greets everyone who is named."} Say here what it is for, and what its input and its result are.

| file | |
|---|---|
| \`job-type.ts\` | name, input schema, settings |
${files}

\`\`\`sh
npm start -- --watch    # runs it on this machine, and takes each change
curl -s localhost:3000/jobs -H 'content-type: application/json' -d '{"type":"${name}","input":${input}}'
\`\`\`

What can be written here: [Add a job type](${docs}/job-types.md${guide}). Rights, secrets, variables and schedules go into a
\`deployment.ts\` beside these files ([docs/deployment.md](${docs}/deployment.md)).
`;
}
