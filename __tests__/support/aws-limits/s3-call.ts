import { inputShape, type Shape } from "./model.ts";
import type { AwsCallInput, AwsRequest } from "./read-call.ts";
import { scalarOf } from "./scalar.ts";

interface S3Route {
  readonly method: string;
  /** Whether the path names an object. */
  readonly key: boolean;
  /** A parameter that tells it from the route below. */
  readonly parameter?: string;
  readonly operation: string;
}

/** The first that fits is the call. */
const ROUTES: readonly S3Route[] = [
  { method: "PUT", key: true, parameter: "uploadId", operation: "UploadPart" },
  { method: "PUT", key: true, operation: "PutObject" },
  { method: "PUT", key: false, operation: "CreateBucket" },
  { method: "GET", key: true, operation: "GetObject" },
  { method: "GET", key: false, parameter: "uploads", operation: "ListMultipartUploads" },
  { method: "GET", key: false, parameter: "list-type", operation: "ListObjectsV2" },
  { method: "HEAD", key: true, operation: "HeadObject" },
  { method: "POST", key: true, parameter: "uploads", operation: "CreateMultipartUpload" },
  { method: "POST", key: true, parameter: "uploadId", operation: "CompleteMultipartUpload" },
  { method: "DELETE", key: true, parameter: "uploadId", operation: "AbortMultipartUpload" },
  { method: "DELETE", key: true, operation: "DeleteObject" },
];

/** A request to S3, with the bucket in its path; of its body nothing is read. */
export function readS3Call({ method, url, headers }: AwsRequest): AwsCallInput {
  const { pathname, searchParams } = new URL(url, "http://s3");
  const [, Bucket = "", Key = ""] = /^\/([^/]*)\/?(.*)$/s.exec(pathname)?.map(decodeURIComponent) ?? [];
  const route = ROUTES.find(
    (known) =>
      known.method === method &&
      known.key === (Key !== "") &&
      (known.parameter === undefined || searchParams.has(known.parameter)),
  );
  const operation = route?.operation ?? `${method} ${url}`;
  const members = inputShape("s3", operation)?.members ?? {};
  const path: Readonly<Record<string, string>> = { Bucket, Key };
  const read = (name: string, shape: Shape): unknown => {
    const { location, locationName = name } = shape;
    if (location === "uri") return path[name];
    if (location === "querystring") return scalarOf(shape, searchParams.get(locationName) ?? undefined);
    if (location === "header") return scalarOf(shape, headers[locationName.toLowerCase()] as string | undefined);
    return undefined;
  };
  const input = Object.fromEntries(Object.entries(members).map(([name, shape]) => [name, read(name, shape)]));
  return { service: "s3", operation, input };
}
