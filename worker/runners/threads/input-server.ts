import type { Run } from "../runner.ts";
import type { InputToThread, InputToWorker } from "./messages.ts";
import { sentError } from "./sent-error.ts";

type Answer = (message: InputToThread, transfer?: readonly ArrayBuffer[]) => void;

/** The worker's side of the files that a thread's job was added with: a part is handed over, and is not in the worker's memory then. */
export class InputServer {
  readonly #run: Pick<Run, "readFile" | "saveFile">;
  readonly #answer: Answer;
  #isClosed = false;

  constructor(run: Pick<Run, "readFile" | "saveFile">, answer: Answer) {
    this.#run = run;
    this.#answer = (message, transfer) => {
      if (!this.#isClosed) answer(message, transfer);
    };
  }

  /** Takes what the thread asks for. */
  receive(message: InputToWorker): void {
    const { request } = message;
    const served = message.kind === "readInput" ? this.#read(message) : this.#save(message);
    served.catch((thrown) => this.#answer({ kind: "inputFailed", request, ...sentError(thrown) }));
  }

  /** The job is over: its thread hears no more. */
  close(): void {
    this.#isClosed = true;
  }

  async #read({ request, name, start }: Extract<InputToWorker, { kind: "readInput" }>): Promise<void> {
    const bytes = await this.#run.readFile(name, start);
    this.#answer({ kind: "inputRead", request, bytes }, [bytes.buffer]);
  }

  async #save({ request, name }: Extract<InputToWorker, { kind: "saveInput" }>): Promise<void> {
    this.#answer({ kind: "inputSaved", request, path: await this.#run.saveFile(name) });
  }
}
