import { describe, expect, it } from "vitest";
import { type Authorizer, principalOf } from "../../../handlers/http/principal.ts";

const ACCOUNT = "123456789012";
const POOL = "us-east-1:7f0d9a39-2c0f-4a0e-9f0a-5b9b3ce2a1de";

const iam = (userArn: string | null): Authorizer => ({ iam: { userArn } });
const jwt = (sub: unknown): Authorizer => ({ jwt: { claims: { sub, iss: "https://issuer.example" } } });
const lambda = (principalId: unknown): Authorizer => ({ lambda: { principalId } });
const cognito = (identityId: string | null): Authorizer => ({
  iam: {
    userArn: `arn:aws:sts::${ACCOUNT}:assumed-role/guests/CognitoIdentityCredentials`,
    cognitoIdentity: { identityId, identityPoolId: POOL },
  },
});

describe("the principal of a caller", () => {
  it.each([
    ["an IAM user", iam(`arn:aws:iam::${ACCOUNT}:user/team/ada`), `iam:arn:aws:iam::${ACCOUNT}:user/team/ada`],
    ["the account's root user", iam(`arn:aws:iam::${ACCOUNT}:root`), `iam:arn:aws:iam::${ACCOUNT}:root`],
    [
      "a federated user, whom its name alone tells apart",
      iam(`arn:aws:sts::${ACCOUNT}:federated-user/ada`),
      `iam:arn:aws:sts::${ACCOUNT}:federated-user/ada`,
    ],
    ["a Cognito identity", cognito("us-east-1:identity-1"), "cognito:us-east-1:identity-1"],
    ["a JWT's subject", jwt("user-1"), "jwt:user-1"],
    ["a subject with commas, blanks and letters of any script", jwt("cn=Ådne, ou=東京"), "jwt:cn=Ådne, ou=東京"],
    ["what a Lambda authorizer's context names", lambda("service-1"), "lambda:service-1"],
  ])("is %s", (_, authorizer, principal) => {
    expect(principalOf(authorizer, "role")).toBe(principal);
    expect(principalOf(authorizer, "session")).toBe(principal);
  });

  it.each([
    ["arn:aws", "app", "i-0123456789abcdef0"],
    ["arn:aws-cn", "app", "ada@example.com"],
    ["arn:aws-us-gov", "AWSReservedSSO_Admin_0123456789abcdef", "ada@example.com"],
    ["arn:aws", "a+b=c,d.e@f-g_h", "a+b=c,d.e@f-g_h"],
  ])("is the role that was assumed, %s %s, or its session %s where that is asked for", (partition, role, session) => {
    const assumed = `${partition}:sts::${ACCOUNT}:assumed-role/${role}`;
    expect(principalOf(iam(`${assumed}/${session}`), "role")).toBe(`iam:${assumed}`);
    expect(principalOf(iam(`${assumed}/${session}`), "session")).toBe(`iam:${assumed}/${session}`);
  });

  it("is one for all sessions of a role, and another for each Cognito identity of it", () => {
    const sessions = ["one", "two"].map((session) => iam(`arn:aws:sts::${ACCOUNT}:assumed-role/guests/${session}`));
    expect(new Set(sessions.map((authorizer) => principalOf(authorizer, "role"))).size).toBe(1);
    const identities = ["us-east-1:a", "us-east-1:b"].map(cognito);
    expect(new Set(identities.map((authorizer) => principalOf(authorizer, "role"))).size).toBe(2);
  });

  it.each([`arn:aws:iam::${ACCOUNT}:user/ada`, "iam:x", "jwt:x", "cognito:x", "lambda:x"])(
    "differs by the kind of authorizer where the name %s is the same",
    (name) => {
      const principals = [iam(name), cognito(name), jwt(name), lambda(name)].map((caller) => principalOf(caller, "role"));
      expect(principals).toEqual([`iam:${name}`, `cognito:${name}`, `jwt:${name}`, `lambda:${name}`]);
    },
  );

  it.each<[string, Authorizer | null | undefined]>([
    ["there is no authorizer", undefined],
    ["the authorizer is null", null],
    ["the authorizer is of another kind", { custom: "ada" } as Authorizer],
    ["IAM names none", iam(null)],
    ["the ARN is empty", iam("")],
    ["the claims are null", { jwt: { claims: null } }],
    ["the subject is empty", jwt("")],
    ["the subject is a number", jwt(7)],
    ["the subject is a list", jwt(["ada"])],
    ["the subject is half a surrogate pair, which the table could not keep", jwt("user-\ud800")],
    ["the subject is longer than any", jwt("a".repeat(2_042))],
    ["the subject has more bytes than a key may have", jwt("é".repeat(1_023))],
    ["the Lambda authorizer names none", lambda(undefined)],
    ["the identity pool names no identity, as its role is everybody's", cognito(null)],
    ["the identity is empty", cognito("")],
  ])("is nobody where %s", (_, authorizer) => {
    expect(principalOf(authorizer, "role")).toBeUndefined();
  });

  it("may be as long as the longest", () => {
    expect(principalOf(jwt("a".repeat(2_041)), "role")).toHaveLength(2_045);
  });

  it("is IAM's where there is no Cognito identity, however that is written", () => {
    const userArn = `arn:aws:iam::${ACCOUNT}:user/ada`;
    for (const cognitoIdentity of [null, undefined, {}, { identityId: null, identityPoolId: null }, { identityId: "" }]) {
      expect(principalOf({ iam: { userArn, ...(cognitoIdentity === undefined ? {} : { cognitoIdentity }) } }, "role")).toBe(
        `iam:${userArn}`,
      );
    }
  });
});
