import type { Violation } from "../checker/verdict.ts";
import { type ControlCall, controlType } from "./api-calls.ts";
import type { World } from "./world.ts";

export type ControlOperation = "pauseJobType" | "resumeJobType";

/** What somebody wants of the world's type: only the last request is repeated where it got no answer. */
export class StageControl {
  readonly #world: World;
  #last: { readonly operation: ControlOperation; call: ControlCall } | undefined;

  constructor(world: World) {
    this.#world = world;
  }

  ask(operation: ControlOperation): void {
    this.#last = { operation, call: controlType(this.#world, operation) };
  }

  get asked(): readonly { readonly call: ControlCall }[] {
    return this.#last === undefined ? [] : [this.#last];
  }

  /** Whether its Lambda died before it answered, or failed: nobody knows what it did. */
  get isUnanswered(): boolean {
    return this.#last?.call.over === true && (this.#last.call.answer?.status ?? 500) >= 500;
  }

  /** Asks once more, where that is needed. */
  repeat(): void {
    if (this.#last !== undefined && this.isUnanswered) this.ask(this.#last.operation);
  }

  /** In the end, what was asked for last is so, and what scales the type follows. */
  violations(): Violation[] {
    if (this.#last === undefined) return [];
    const isPaused = this.#last.operation === "pauseJobType";
    const { suspended, silent, desired } = this.#world.service;
    const said = this.#world.recorder.facts.findLast((fact) => fact.kind === "controlled");
    const isSo = (said?.kind === "controlled" && said.paused) === isPaused;
    if (isSo && suspended === isPaused && silent === isPaused && (!isPaused || desired === 0)) return [];
    const message = `${this.#last.operation} was asked for last: the control ${isSo ? "says so" : "says otherwise"}, suspended ${suspended}, silent ${silent}, ${desired} tasks wanted`;
    return [{ invariant: 36, message }];
  }
}
