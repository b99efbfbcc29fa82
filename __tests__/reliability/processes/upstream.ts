import { Agent } from "node:http";
import { forwardRequest, type WholeAnswer, type WholeRequest } from "../../support/forward-request.ts";
import type { EmulatorAddresses } from "./emulators-on-disk.ts";

/** The emulators behind the proxy. */
export class Upstream {
  addresses: EmulatorAddresses;
  /** Address of the scheduler, which is no process that is killed. */
  scheduler = "";
  readonly #agent = new Agent({ keepAlive: true });
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(addresses: EmulatorAddresses) {
    this.addresses = addresses;
  }

  /** Makes a request and reads its whole answer. @throws the socket's error. */
  async call(request: WholeRequest, service: string): Promise<WholeAnswer> {
    const { messaging, database: dynamodb } = this.addresses;
    const elsewhere: Readonly<Record<string, string>> = { dynamodb, scheduler: this.scheduler };
    const calling = forwardRequest(request, elsewhere[service] ?? messaging, { agent: this.#agent });
    this.#underWay.add(calling);
    return await calling.finally(() => this.#underWay.delete(calling));
  }

  /** Settles when no request is under way. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
  }

  close(): void {
    this.#agent.destroy();
  }
}
