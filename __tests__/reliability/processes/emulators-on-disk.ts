import { type ChildProgram, startChildProgram } from "../../../local/aws/child-program.ts";

/** Where the emulators listen: SQS, SNS and S3 at one address, DynamoDB at the other; and their process. */
export interface EmulatorAddresses {
  readonly messaging: string;
  readonly database: string;
  readonly pid: number;
}

/** The emulators' process, which can be killed and started again on the same state. It ends with this process. */
export class EmulatorsOnDisk {
  readonly #folder: string;
  #program: ChildProgram<EmulatorAddresses> | undefined;

  /** @param folder of the state; removed by whoever made it. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  async start(): Promise<EmulatorAddresses> {
    const program = new URL("./durable-emulators.ts", import.meta.url);
    this.#program = await startChildProgram<EmulatorAddresses>({ name: "the emulators", program, args: [this.#folder] });
    return this.#program.ready;
  }

  /** SIGKILL: nothing is flushed or closed. */
  async kill(): Promise<void> {
    const program = this.#program;
    this.#program = undefined;
    if (program === undefined) return;
    process.kill(program.ready.pid, "SIGKILL");
    await program.ended;
  }
}
