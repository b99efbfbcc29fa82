import type { Violation } from "../checker/verdict.ts";
import { type ControlCall, controlType } from "./api-calls.ts";
import { isUnanswered, type Requests } from "./requests.ts";
import type { World } from "./world.ts";

export type ControlOperation = "pauseJobType" | "resumeJobType";

/** What somebody wants of the world's type: only the last request is repeated where it got no answer. */
export class StageControl implements Requests {
  readonly #world: World;
  #last: { readonly operation: ControlOperation; call: ControlCall } | undefined;

  constructor(world: World) {
    this.#world = world;
  }

  ask(operation: ControlOperation): void {
    this.#last = { operation, call: controlType(this.#world, operation) };
  }

  get calls(): readonly ControlCall[] {
    return this.#last === undefined ? [] : [this.#last.call];
  }

  get isUnanswered(): boolean {
    return this.calls.some(isUnanswered);
  }

  repeat(): void {
    if (this.#last !== undefined && this.isUnanswered) this.ask(this.#last.operation);
  }

  /** In the end, what was asked for last is so, and what scales the type follows. */
  violations(): Violation[] {
    if (this.#last === undefined) return [];
    const isPaused = this.#last.operation === "pauseJobType";
    const { suspended, silent, held, desired } = this.#world.service;
    const said = this.#world.recorder.facts.findLast((fact) => fact.kind === "controlled");
    const isSo = (said?.kind === "controlled" && said.paused) === isPaused;
    if (isSo && suspended === isPaused && silent === isPaused && held === isPaused && (!isPaused || desired === 0)) return [];
    const message = `${this.#last.operation} was asked for last: the control ${isSo ? "says so" : "says otherwise"}, suspended ${suspended}, silent ${silent}, held ${held}, ${desired} tasks wanted`;
    return [{ invariant: 36, message }];
  }
}
