import fc from "fast-check";
import { jsonText } from "./body-texts.ts";
import type { DescribedJobType, Schema } from "./description.ts";
import { HOSTILE_NAMES, hostileName, hostileText } from "./hostile-values.ts";
import { UPLOADS } from "./known-uploads.ts";
import type { GeneratedRequest, RequestKind } from "./request.ts";
import { valuesOf } from "./schema-values.ts";

type Parts = Partial<GeneratedRequest>;

/** A kind of request to an operation, and how often it comes beside the others. */
export type Weighted = [weight: number, kind: RequestKind, parts: { readonly [Name in keyof Parts]?: fc.Arbitrary<unknown> }];

/** A value where only text has a place. */
export function asText(value: unknown): string {
  return typeof value === "string" ? value : jsonText(value);
}

/** `Idempotency-Key` headers. */
export const withKey = (keys: fc.Arbitrary<string>) => keys.map((value) => [["Idempotency-Key", value]] as const);

export const queries = fc.array(fc.tuple(hostileName, hostileText), { maxLength: 4 });

/** Headers that other programs between client and Lambda might act on, or that mean something elsewhere. */
export const oddHeaders = fc.array(
  fc.tuple(
    fc.oneof(
      fc.constantFrom(
        ..."content-type content-length transfer-encoding host x-forwarded-for x-http-method-override x-local-principal".split(
          " ",
        ),
        ..."x-amzn-trace-id authorization accept cookie".split(" "),
        "idempotency-key ",
      ),
      fc.constantFrom(...HOSTILE_NAMES),
    ),
    fc.oneof(
      hostileText,
      fc.constantFrom("text/plain", "application/xml", "multipart/form-data", "chunked", "-1", "x".repeat(9_000)),
    ),
  ),
  { minLength: 1, maxLength: 4 },
);

/** None mostly, or uploads that there are, were, or never were; and now and then whatever the schema allows. */
export function filesOf({ files }: DescribedJobType, schema: Schema): fc.Arbitrary<unknown> {
  const named = fc.record(
    Object.fromEntries(Object.keys(files).map((name) => [name, fc.constantFrom(UPLOADS[0] as string, ...UPLOADS)])),
    { requiredKeys: [], noNullPrototype: true },
  );
  return fc.oneof(
    { weight: 8, arbitrary: fc.constant(undefined) },
    { weight: 4, arbitrary: named },
    { weight: 1, arbitrary: valuesOf(schema) },
  );
}
