import { LAMBDAS, rows } from "./denied-attempt.ts";
import { type Arns, secretArn } from "./deployed-arns.ts";

/** Those who reach what an example names in its deployment.ts. */
export const REACHING = ["worker-order-totals", "execution-order-totals"];
/** Those who have no part in that. */
export const OTHERS = [...LAMBDAS, "worker-canary", "execution-canary", "worker-partners", "execution-partners", "flow-logs"];

const orders = ({ orders: bucket }: Arns) => `${bucket}/orders/2026-11-30.csv`;
const password = ({ secrets }: Arns) => secrets("order-totals")[0] ?? "";
/** Of Secrets Manager, without the key of its JSON. */
const partnersSecret = ({ secrets }: Arns) => secretArn(secrets("partners")[0] ?? "");
/** A decryption that a service asks for, of a value that is one of its own. */
const decrypting = (service: string, context: string, arn: (arns: Arns) => string) => (arns: Arns) => ({
  "kms:ViaService": `${service}.us-east-1.amazonaws.com`,
  [`kms:EncryptionContext:${context}`]: arn(arns),
});
const readingPassword = decrypting("ssm", "PARAMETER_ARN", password);
const readingSecret = decrypting("secretsmanager", "SecretARN", partnersSecret);
const secretsKey = ({ secretsKey: key }: Arns) => key;

/** What one type's deployment.ts names is for its own roles. */
const DENIED_TO_OTHERS = [
  ...rows(OTHERS, [
    ["s3:GetObject", orders, "the bucket is another type's"],
    ["s3:ListBucket", ({ orders: bucket }) => bucket, "the bucket is another type's"],
    ["ssm:GetParameters", password, "the password is another type's"],
    ["kms:Decrypt", secretsKey, "the password is another type's", readingPassword],
  ]),
  ...rows(
    [...LAMBDAS, "worker-canary", "execution-canary", ...REACHING, "flow-logs"],
    [
      ["secretsmanager:GetSecretValue", partnersSecret, "the secret is another type's"],
      ["kms:Decrypt", secretsKey, "the secret is another type's", readingSecret],
    ],
  ),
];

const DENIED_TO_REACHING_WORKER = [
  ...rows(
    ["worker-order-totals"],
    [
      ["s3:PutObject", orders, "it reads orders and writes none"],
      ["s3:DeleteObject", orders, "it reads orders and writes none"],
      ["s3:GetObjectVersion", orders, "its statement names no versions"],
      ["s3:GetObject", ({ orders: bucket }) => `${bucket}/customers/ada.csv`, "its statement names another folder"],
      ["s3:GetObject", ({ orders: bucket }) => `${bucket}/orders`, "the folder's name is no object in it"],
      ["s3:GetObject", ({ orders: bucket }) => `${bucket}-other/orders/ada.csv`, "the bucket's name only begins alike"],
      ["s3:ListBucket", ({ orders: bucket }) => `${bucket}-other`, "the bucket's name only begins alike"],
      ["s3:ListBucketVersions", ({ orders: bucket }) => bucket, "its statement names no versions"],
      ["s3:PutBucketPolicy", ({ orders: bucket }) => bucket, "the bucket is its owner's"],
    ],
  ),
  // A task gets the value. Its role could otherwise read what was changed since, or have the worker's code name another.
  ...rows(
    ["worker-order-totals"],
    [
      ["ssm:GetParameters", password, "ECS reads it"],
      ["ssm:GetParameter", password, "ECS reads it"],
      ["ssm:PutParameter", password, "the password is its owner's"],
      ["kms:Decrypt", secretsKey, "ECS reads it", readingPassword],
    ],
  ),
  ...rows(
    ["worker-partners"],
    [
      ["secretsmanager:GetSecretValue", partnersSecret, "ECS reads it"],
      ["kms:Decrypt", secretsKey, "ECS reads it", readingSecret],
    ],
  ),
];

const otherPassword = (arns: Arns) => `${password(arns)}/other/password`;
const otherSecret = (arns: Arns) => partnersSecret(arns).replace("/api-", "/other/api-");

const DENIED_TO_REACHING_EXECUTION = [
  ...rows(
    ["execution-order-totals"],
    [
      ["s3:GetObject", orders, "it starts tasks and reads no orders"],
      ["ssm:GetParameters", otherPassword, "the parameter's name only begins alike"],
      ["ssm:GetParameter", password, "ECS asks for several"],
      ["ssm:GetParameterHistory", password, "a value of before is nobody's"],
      ["ssm:PutParameter", password, "the password is its owner's"],
      ["kms:Decrypt", secretsKey, "it is another parameter's value", decrypting("ssm", "PARAMETER_ARN", otherPassword)],
      ["kms:Decrypt", secretsKey, "it is no parameter's value", decrypting("s3", "PARAMETER_ARN", password)],
      ["kms:Decrypt", secretsKey, "no service asks for it", () => ({})],
      ["kms:Encrypt", secretsKey, "it reads and writes not", readingPassword],
      [
        "kms:Decrypt",
        ({ key }) => key,
        "messages are encrypted with it",
        () => ({ "kms:ViaService": "sqs.us-east-1.amazonaws.com" }),
      ],
    ],
  ),
  ...rows(
    ["execution-partners"],
    [
      ["secretsmanager:GetSecretValue", otherSecret, "the secret's name is another one"],
      ["secretsmanager:GetSecretValue", (arns) => `${partnersSecret(arns)}/other/1`, "the secret's name only begins alike"],
      ["secretsmanager:PutSecretValue", partnersSecret, "the secret is its owner's"],
      ["secretsmanager:DescribeSecret", partnersSecret, "ECS asks for its value"],
      ["kms:Decrypt", secretsKey, "it is another secret's value", decrypting("secretsmanager", "SecretARN", otherSecret)],
      ["kms:Decrypt", secretsKey, "the secret is no parameter", decrypting("ssm", "PARAMETER_ARN", partnersSecret)],
    ],
  ),
];

/** What is refused of the things that a deployment.ts names: to everybody else, and beyond its statements. */
export const DENIED_ACCESS = [...DENIED_TO_OTHERS, ...DENIED_TO_REACHING_WORKER, ...DENIED_TO_REACHING_EXECUTION];
