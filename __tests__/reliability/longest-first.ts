import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take the longest, by the end of their names. First those that wait more than they work. */
const LONGEST = [
  ...["soak", "real-processes", "overload"],
  ...["schedules", "two-disturbances", "faults", "mutants", "properties", "api"],
].map((name) => `/${name}.reliability-test.ts`);

/** Starts the longest files first, so that they end at about the same time. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const found = LONGEST.findIndex((name) => moduleId.endsWith(name));
      return found === -1 ? LONGEST.length : found;
    };
    return (await super.sort(files)).toSorted((one, other) => place(one) - place(other));
  }
}
