import type { ApiEvent } from "../../../handlers/http/event.ts";
import { ADA, BOB } from "../../handlers/api-event.ts";

type Authorizer = ApiEvent["requestContext"]["authorizer"];

/** Who makes a request: what API Gateway's authorizer said, and who that is. */
export interface Caller {
  readonly name: string;
  readonly authorizer: Authorizer;
  /** Nobody, where the authorizer named none. */
  readonly principal: string | undefined;
}

const APP_ROLE = "arn:aws:sts::123456789012:assumed-role/app";

function iam(name: string, userArn: string, owner = userArn): Caller {
  return { name, authorizer: { iam: { userArn } }, principal: `iam:${owner}` };
}

function jwt(name: string, sub: string): Caller {
  return { name, authorizer: jwtAuthorizer(sub), principal: `jwt:${sub}` };
}

function jwtAuthorizer(sub: unknown): Authorizer {
  return { jwt: { claims: { sub, iss: "https://issuer.example", scope: "jobs" } } };
}

function lambda(name: string, principalId: string): Caller {
  return { name, authorizer: { lambda: { principalId } }, principal: `lambda:${principalId}` };
}

function cognito(name: string, identityId: string): Caller {
  const cognitoIdentity = { identityId, identityPoolId: "us-east-1:pool" };
  const authorizer = { iam: { userArn: `${APP_ROLE}/CognitoIdentityCredentials`, cognitoIdentity } };
  return { name, authorizer, principal: `cognito:${identityId}` };
}

/** Owners of each kind, whose names differ as little as names may, or are the same where the kinds differ. */
export const OWNERS: readonly Caller[] = [
  iam("ada", ADA),
  iam("bob", BOB),
  iam("a role's session", `${APP_ROLE}/session-1`, APP_ROLE),
  iam("a session of a role of almost the same name", `${APP_ROLE}2/session-1`, `${APP_ROLE}2`),
  cognito("an identity of the role", "us-east-1:identity-1"),
  cognito("another identity of the role", "us-east-1:identity-2"),
  jwt("a subject", "user-1"),
  jwt("the subject in capitals", "USER-1"),
  jwt("a subject with a key's look", "user-1#QUEUED"),
  jwt("a subject called __proto__", "__proto__"),
  jwt("a subject that is Ada's ARN", ADA),
  jwt("a subject that is the role's owner", `iam:${APP_ROLE}`),
  lambda("a service", "user-1"),
  lambda("a service of Ada's ARN", ADA),
];

/** Callers of whom nobody knows who they are. The casts are what a broken authorizer could pass. */
export const NOBODIES: readonly Caller[] = [
  { name: "no authorizer", authorizer: undefined, principal: undefined },
  { name: "an authorizer of null", authorizer: null as unknown as Authorizer, principal: undefined },
  { name: "IAM without an ARN", authorizer: { iam: { userArn: null } }, principal: undefined },
  { name: "IAM of null", authorizer: { iam: null }, principal: undefined },
  { name: "claims of null", authorizer: { jwt: { claims: null } }, principal: undefined },
  { name: "an empty subject", authorizer: jwtAuthorizer(""), principal: undefined },
  { name: "a number for a subject", authorizer: jwtAuthorizer(7), principal: undefined },
  { name: "an object for a subject", authorizer: jwtAuthorizer({ toString: "ada" }), principal: undefined },
  { name: "half a surrogate pair", authorizer: jwtAuthorizer("\ud800"), principal: undefined },
  { name: "a subject longer than any", authorizer: jwtAuthorizer("a".repeat(2_049)), principal: undefined },
  {
    name: "an identity pool without an identity",
    authorizer: { iam: { userArn: ADA, cognitoIdentity: { identityId: null, identityPoolId: "us-east-1:pool" } } },
    principal: undefined,
  },
  { name: "a service of null", authorizer: { lambda: null }, principal: undefined },
  { name: "an authorizer of another kind", authorizer: { custom: ADA } as unknown as Authorizer, principal: undefined },
];
