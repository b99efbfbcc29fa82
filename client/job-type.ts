/** A schema that tells what it takes and gives, in types: any of zod's, or of another library with the Standard Schema interface. */
interface TypedSchema {
  readonly "~standard": { readonly types?: { readonly input: unknown; readonly output: unknown } | undefined };
}

/**
 * What `defineJobType` returns, as far as the client looks at it: when it runs, the name; when it is compiled, the schemas. So
 * `import type` is enough where the name is written out: `jobs.add<typeof reportJob>("report", input)`.
 */
export interface TypedJobType {
  readonly name: string;
  readonly input: TypedSchema;
  readonly result?: TypedSchema | undefined;
  /** The files that its jobs take, by their names. */
  readonly files?: Readonly<Record<string, unknown>>;
}

type TypesOf<Schema> = Schema extends TypedSchema
  ? NonNullable<Schema["~standard"]["types"]>
  : { readonly input: unknown; readonly output: unknown };

/** The input that a caller sends: members with a default may be left out. */
export type InputOf<Type extends TypedJobType> = TypesOf<Type["input"]>["input"];

/** The result that jobs of the type have: `unknown` where the type declares none. */
export type ResultOf<Type extends TypedJobType> = TypesOf<NonNullable<Type["result"]>>["output"];

/** The names of the files that jobs of the type take. */
export type FileNameOf<Type extends TypedJobType> = keyof NonNullable<Type["files"]> & string;

/** A job type, or its name. */
export type TypeOrName<Type extends TypedJobType = TypedJobType> = Type | Type["name"];

export function nameOf(type: Pick<TypedJobType, "name"> | string): string {
  return typeof type === "string" ? type : type.name;
}
