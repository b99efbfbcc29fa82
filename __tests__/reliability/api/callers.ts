import type { ApiEvent } from "../../../handlers/http.ts";
import { ADA, BOB } from "../../handlers/api-event.ts";

type Authorizer = ApiEvent["requestContext"]["authorizer"];

/** Who makes a request: what API Gateway's authorizer said, and who that is. */
export interface Caller {
  readonly name: string;
  readonly authorizer: Authorizer;
  /** Nobody, where the authorizer named none. */
  readonly principal: string | undefined;
}

function iam(name: string, userArn: string): Caller {
  return { name, authorizer: { iam: { userArn } }, principal: userArn };
}

function jwt(name: string, sub: unknown, principal?: string): Caller {
  return { name, authorizer: { jwt: { claims: { sub, iss: "https://issuer.example", scope: "jobs" } } }, principal };
}

/** Two owners of each kind, whose names differ as little as names may. */
export const OWNERS: readonly Caller[] = [
  iam("ada", ADA),
  iam("bob", BOB),
  iam("a role's session", "arn:aws:sts::123456789012:assumed-role/app/session-1"),
  iam("the role's other session", "arn:aws:sts::123456789012:assumed-role/app/session-2"),
  jwt("a subject", "user-1", "user-1"),
  jwt("the subject in capitals", "USER-1", "USER-1"),
  jwt("a subject with a key's look", "user-1#QUEUED", "user-1#QUEUED"),
  jwt("a subject called __proto__", "__proto__", "__proto__"),
  jwt("a subject that looks like Ada's ARN with a space", `${ADA} `, `${ADA} `),
  { name: "a service", authorizer: { lambda: { principalId: "service-1" } }, principal: "service-1" },
];

/** Callers of whom nobody knows who they are. The casts are what a broken authorizer could pass. */
export const NOBODIES: readonly Caller[] = [
  { name: "no authorizer", authorizer: undefined, principal: undefined },
  { name: "an authorizer of null", authorizer: null as unknown as Authorizer, principal: undefined },
  { name: "IAM without an ARN", authorizer: { iam: { userArn: null } }, principal: undefined },
  { name: "IAM of null", authorizer: { iam: null }, principal: undefined },
  { name: "claims of null", authorizer: { jwt: { claims: null } }, principal: undefined },
  jwt("an empty subject", ""),
  jwt("a number for a subject", 7),
  jwt("an object for a subject", { toString: "ada" }),
  jwt("half a surrogate pair", "\ud800"),
  { name: "a service of null", authorizer: { lambda: null }, principal: undefined },
  { name: "an authorizer of another kind", authorizer: { custom: ADA } as unknown as Authorizer, principal: undefined },
];
