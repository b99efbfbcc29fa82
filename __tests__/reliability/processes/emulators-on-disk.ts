import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { ChildMessage } from "../../../local/aws/parent-channel.ts";

/** Where the emulators listen: SQS, SNS and S3 at one address, DynamoDB at the other. */
export interface EmulatorAddresses {
  readonly messaging: string;
  readonly database: string;
}

/** The emulators' process, which can be killed and started again on the same state. It ends with this process. */
export class EmulatorsOnDisk {
  readonly #folder: string;
  #child: ChildProcess | undefined;

  /** @param folder of the state; removed by whoever made it. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async start(): Promise<EmulatorAddresses> {
    const program = fileURLToPath(new URL("./durable-emulators.ts", import.meta.url));
    const child = fork(program, [this.#folder], { execArgv: [], stdio: ["ignore", "inherit", "inherit", "ipc"] });
    this.#child = child;
    const ready = once(child, "message") as Promise<[ChildMessage]>;
    const ended = once(child, "exit").then(([code, signal]) => {
      throw new Error(`the emulators ended before they were ready: ${signal ?? code}`);
    });
    ended.catch(() => undefined);
    const [message] = await Promise.race([ready, ended]);
    if (!("ready" in message)) throw new Error("the emulators did not say where they listen");
    return message.ready as EmulatorAddresses;
  }

  /** SIGKILL: nothing is flushed or closed. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, "exit");
    child.kill("SIGKILL");
    await exit;
  }
}
