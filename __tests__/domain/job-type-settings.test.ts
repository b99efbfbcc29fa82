import { describe, expect, it } from "vitest";
import * as z from "zod";
import { SettingsError } from "../../domain/errors.ts";
import { defineJobType, type JobTypeSettings } from "../../domain/job-type.ts";

const REPORT: JobTypeSettings = {
  name: "report",
  description: "Renders a monthly report",
  input: z.object({ month: z.string() }),
  timeoutSeconds: 300,
};
const SCALING = { scaleOutDepth: 1, maxTasks: 10, backlogPerTask: 10, idleMinutes: 3 };

/** The error of a job type of these settings, which the types may forbid. */
function errorOf(settings: Record<string, unknown>): Error | undefined {
  try {
    defineJobType({ ...REPORT, ...settings } as JobTypeSettings);
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

/** Settings with the one at this path. */
function withSetting(path: string, value: unknown): Record<string, unknown> {
  const [group = "", setting] = path.split(".");
  if (setting === undefined) return { [group]: value };
  const defaults = { retry: { baseSeconds: 2, maxSeconds: 43_200 }, scaling: SCALING }[group as "retry" | "scaling"];
  return { [group]: { ...defaults, [setting]: value } };
}

describe("a job type", () => {
  it("gets every default that its author left out", () => {
    expect(defineJobType(REPORT)).toEqual({
      ...REPORT,
      maxAttempts: 3,
      listPartitions: 1,
      concurrency: 1,
      isolation: "thread",
      graceSeconds: 5,
      leaseSeconds: 30,
      retry: { baseSeconds: 2, maxSeconds: 300 },
      container: { cpu: 256, memoryMiB: 512 },
      files: {},
      scaling: SCALING,
    });
  });

  it("needs each of its files unless it says otherwise", () => {
    const page = { description: "The page", maxBytes: 5_000_000_000, contentTypes: ["image/png", "image/jpeg"] };
    const { files } = defineJobType({
      ...REPORT,
      files: { page, logo: { description: "A logo", maxBytes: 1, required: false } },
    });
    expect(files).toEqual({
      page: { ...page, required: true },
      logo: { description: "A logo", maxBytes: 1, required: false },
    });
  });

  it("keeps the defaults of the scaling settings that were left out", () => {
    expect(defineJobType({ ...REPORT, scaling: { maxTasks: 2 } }).scaling).toEqual({ ...SCALING, maxTasks: 2 });
  });

  it("cannot be changed once it is declared", () => {
    expect(Object.isFrozen(defineJobType(REPORT))).toBe(true);
  });
});

describe("a whole number", () => {
  const ranges: readonly [setting: string, min: number, max: number][] = [
    ["timeoutSeconds", 1, 604_800],
    ["maxAttempts", 1, 50],
    ["concurrency", 1, 100],
    ["listPartitions", 1, 32],
    ["graceSeconds", 0, 60],
    ["leaseSeconds", 3, 3_600],
    ["retry.baseSeconds", 0, 43_200],
    ["retry.maxSeconds", 2, 43_200],
    ["scaling.scaleOutDepth", 1, 1_000_000],
    ["scaling.maxTasks", 1, 5_000],
    ["scaling.backlogPerTask", 1, 1_000_000],
    ["scaling.idleMinutes", 1, 1_440],
  ];

  it.each(ranges)("%s may be from %i to %i", (setting, min, max) => {
    expect(errorOf(withSetting(setting, min))).toBeUndefined();
    expect(errorOf(withSetting(setting, max))).toBeUndefined();
  });

  it.each(ranges)("%s is refused by its name when it is not from %i to %i", (setting, min, max) => {
    const wrong = [setting === "retry.maxSeconds" ? -1 : min - 1, max + 1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "5", null];
    for (const value of wrong) {
      const error = errorOf(withSetting(setting, value));
      expect(error, `${setting} = ${value}`).toBeInstanceOf(SettingsError);
      expect(error?.message).toContain(`job type "report": ${setting} is ${JSON.stringify(value)}; allowed: a whole number from`);
      expect(error?.message).toContain(`to ${max}`);
    }
  });

  it("that is left out of a group is missing", () => {
    expect(errorOf({ retry: { baseSeconds: 5 } })?.message).toContain("retry.maxSeconds is missing");
    expect(errorOf({ timeoutSeconds: undefined })?.message).toContain("timeoutSeconds is missing");
  });
});

describe("a wrong setting is refused by its name:", () => {
  it.each<[setting: string, settings: Record<string, unknown>, message: string]>([
    ["an empty name", { name: "" }, 'job type "": name is ""; allowed: 1 to 32 lower-case letters'],
    ["a name that is no text", { name: 5 }, "job type: name is 5; allowed: 1 to 32 lower-case letters"],
    ["capitals in a name", { name: "Report" }, "name is"],
    ["a name that starts with a digit", { name: "1report" }, "name is"],
    ["a name that ends with a hyphen", { name: "report-" }, "name is"],
    ["two hyphens in a row", { name: "re--port" }, "name is"],
    ["a name of 33 letters", { name: "a".repeat(33) }, "name is"],
    ["a name with a line break", { name: "report\n" }, "name is"],
    ["an empty description", { description: " " }, 'description is " "; allowed: a sentence of 1 to 256 characters'],
    ["a long description", { description: "a".repeat(257) }, "allowed: a sentence of 1 to 256 characters"],
    ["a missing schema", { input: undefined }, "input is missing; allowed: a zod schema"],
    ["a schema that is no zod schema", { input: { type: "object" } }, 'input is {"type":"object"}; allowed: a zod schema'],
    [
      "retries that shrink",
      { retry: { baseSeconds: 60, maxSeconds: 30 } },
      "retry.maxSeconds is 30; allowed: at least retry.baseSeconds, which is 60",
    ],
    ["an unknown isolation", { isolation: "fork" }, 'isolation is "fork"; allowed: "thread", "inline", "process"'],
    [
      "a CPU size that Fargate has not",
      { container: { cpu: 300, memoryMiB: 512 } },
      "container.cpu is 300; allowed: one of Fargate's",
    ],
    [
      "memory that Fargate does not pair with the CPU",
      { container: { cpu: 512, memoryMiB: 512 } },
      "container.memoryMiB is 512; allowed: for 512 CPU units: 1024, 2048, 3072, 4096",
    ],
    ["a result that is no schema", { result: "text" }, 'result is "text"; allowed: a zod schema'],
    ["memory left out", { container: { cpu: 512 } }, "container.memoryMiB is missing; allowed: for 512 CPU units"],
    ["a process without a command", { isolation: "process" }, "command is missing; allowed: a program and its arguments"],
    ["an empty command", { isolation: "process", command: [] }, "command is []; allowed: a program and its arguments"],
    ["a command line in one text", { isolation: "process", command: "sh job.sh" }, 'command is "sh job.sh"; allowed:'],
    [
      "a file whose name leads elsewhere",
      { files: { "../data": { description: "d", maxBytes: 1 } } },
      'files.../data is {"description":"d","maxBytes":1}; allowed: a name of 1 to 32 letters, digits, hyphens and underscores',
    ],
    [
      "a file with a long name",
      { files: { ["a".repeat(33)]: { description: "d", maxBytes: 1 } } },
      "allowed: a name of 1 to 32 letters",
    ],
    [
      "a file without a description",
      { files: { data: { maxBytes: 1 } } },
      "files.data.description is missing; allowed: a sentence",
    ],
    [
      "a file that is larger than one PUT",
      { files: { data: { description: "d", maxBytes: 5_000_000_001 } } },
      "files.data.maxBytes is 5000000001; allowed: a whole number from 1 to 5000000000 (S3: one PUT)",
    ],
    [
      "content types with parameters",
      { files: { data: { description: "d", maxBytes: 1, contentTypes: ["text/csv; charset=utf-8"] } } },
      "allowed: 1 to 20 media types without parameters, such as text/csv",
    ],
    [
      "no content type",
      { files: { data: { description: "d", maxBytes: 1, contentTypes: [] } } },
      "files.data.contentTypes is []",
    ],
    [
      "more files than a job may have",
      { files: Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`f${n}`, { description: "d", maxBytes: 1 }])) },
      "allowed: at most 10 files",
    ],
    [
      "a misspelled setting of a file",
      { files: { data: { description: "d", maxByte: 1 } } },
      "files.data.maxByte is 1; allowed: only the settings files.data.description, files.data.maxBytes",
    ],
    ["a command without a process", { command: ["sh"] }, 'command is ["sh"]; allowed: nothing, unless isolation is "process"'],
  ])("%s", (_, settings, message) => {
    const error = errorOf(settings);
    expect(error).toBeInstanceOf(SettingsError);
    expect(error?.message).toContain(message);
  });
});

describe("a setting that does not exist", () => {
  it.each<[setting: string, settings: Record<string, unknown>, message: string]>([
    ["concurency", { concurency: 2 }, "concurency is 2; allowed: only the settings name, description, input, "],
    ["inputs", { inputs: z.string() }, 'inputs is "object"; allowed: only the settings name, '],
    [
      "scaling.maxTaks",
      { scaling: { maxTaks: 20 } },
      "scaling.maxTaks is 20; allowed: only the settings scaling.scaleOutDepth, scaling.maxTasks, ",
    ],
    [
      "retry.maxSecond",
      { retry: { baseSeconds: 2, maxSeconds: 9, maxSecond: 5 } },
      "retry.maxSecond is 5; allowed: only the settings retry.baseSeconds, retry.maxSeconds",
    ],
    [
      "container.memory",
      { container: { cpu: 256, memoryMiB: 512, memory: "1 GB" } },
      'container.memory is "1 GB"; allowed: only the settings container.cpu, container.memoryMiB',
    ],
  ])("is refused by its name, with those that do: %s", (_, settings, message) => {
    const error = errorOf(settings);
    expect(error).toBeInstanceOf(SettingsError);
    expect(error?.message).toContain(`job type "report": ${message}`);
  });

  it("is refused before one that is missing, which it may be meant for", () => {
    expect(errorOf({ timeoutSeconds: undefined, timeoutSecond: 5 })?.message).toContain("timeoutSecond is 5");
  });

  it("does no harm while it is undefined", () => {
    expect(errorOf({ concurency: undefined })).toBeUndefined();
  });
});

describe("what Fargate and AWS names allow", () => {
  it.each([
    [256, 2_048],
    [512, 4_096],
    [1_024, 2_048],
    [2_048, 16_384],
    [4_096, 30_720],
    [8_192, 61_440],
    [16_384, 122_880],
  ])("is accepted: %i CPU units with %i MiB", (cpu, memoryMiB) => {
    expect(errorOf({ container: { cpu, memoryMiB } })).toBeUndefined();
  });

  it.each(["a", "word-count", "a1-b2", "a".repeat(32)])("is accepted: the name %s", (name) => {
    expect(errorOf({ name })).toBeUndefined();
  });

  it("is accepted: a command of a process", () => {
    expect(errorOf({ isolation: "process", command: ["sh", "count.sh"] })).toBeUndefined();
  });
});
