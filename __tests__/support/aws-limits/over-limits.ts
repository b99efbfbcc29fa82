import { brokenLimits } from "./broken-limits.ts";
import type { AwsRequest } from "./read-call.ts";

/** What was asked of the emulators that AWS would refuse. */
export class OverLimits {
  readonly #broken: string[] = [];

  /** A sentence for each limit that a request broke, oldest first. */
  get broken(): readonly string[] {
    return this.#broken;
  }

  /** Notes what a request breaks. @returns that. */
  note(request: AwsRequest): string[] {
    const broken = brokenLimits(request);
    this.#broken.push(...broken);
    return broken;
  }

  /** @throws Error that names each call and member, where there was any. */
  throwIfAny(): void {
    if (this.#broken.length > 0) throw new Error(`AWS would refuse these calls:\n${this.#broken.join("\n")}`);
  }
}
