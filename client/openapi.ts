// Made from the API's OpenAPI description by npm run api-types; a test tells when it is no longer that.

export interface paths {
    readonly "/jobs": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Lists jobs, newest first */
        readonly get: operations["listJobs"];
        readonly put?: never;
        /** Adds a job */
        readonly post: operations["addJob"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/jobs/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Reads a job */
        readonly get: operations["getJob"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/jobs/{id}/retry": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Adds a job that does an ended one again; repeated, it is the same job */
        readonly post: operations["retryJob"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/jobs/{id}/cancel": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Cancels a job */
        readonly post: operations["cancelJob"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/uploads": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Makes a link to upload a file to, for a job that is still to be added */
        readonly post: operations["createUpload"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/job-types": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Lists the job types */
        readonly get: operations["listJobTypes"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/openapi.json": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Describes this API */
        readonly get: operations["describeApi"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        readonly Job: {
            /** @description `<type>_<ULID>`. */
            readonly id: string;
            readonly type: string;
            /** @enum {string} */
            readonly status: "QUEUED" | "RUNNING" | "SUCCEEDED" | "FAILED" | "CANCELLED";
            /** @description Rises by 1 with each change of status and each cancel request. Of two events of one ID the newer has the later `createdAt` or, of one `createdAt`, the higher `version`: a key that is used again after its job expired begins at 1. */
            readonly version: number;
            /** @description How often a worker has taken the job up. */
            readonly attempt: number;
            readonly maxAttempts: number;
            /** @description Absent when it is large: then `inputLocation` tells where it is. */
            readonly input?: unknown;
            readonly inputLocation?: {
                readonly bucket: string;
                readonly key: string;
                readonly bytes: number;
            };
            /** @description The files that the job was added with, by their names. */
            readonly files?: {
                readonly [key: string]: {
                    readonly bytes: number;
                    readonly contentType: string;
                    /**
                     * Format: uri
                     * @description Reads the object, for 60 minutes; browsers save it. In answers to GET /jobs/{id} only.
                     */
                    readonly url?: string;
                };
            };
            /** @description Of a job that succeeded; absent when it is large: then `resultLocation` tells where it is. In answers to GET /jobs/{id}, each file in it has a `url`. */
            readonly result?: unknown;
            readonly resultLocation?: {
                readonly bucket: string;
                readonly key: string;
                readonly bytes: number;
            };
            /** @description Why the job failed or, while it is queued again, why its last attempt did. */
            readonly error?: {
                readonly code: string;
                readonly message: string;
            };
            readonly progress?: {
                readonly fraction: number;
                readonly message?: string;
            };
            readonly tags?: {
                readonly [key: string]: string;
            };
            readonly groupId?: string;
            /** @description The principal who added the job: `iam:<ARN>` (of an assumed role that of the role, `iam:arn:aws:sts::<account>:assumed-role/<role>`, unless the deployment tells sessions apart), `cognito:<identity ID>`, `jwt:<subject>`, or `lambda:<principalId>`. */
            readonly owner: string;
            /** @description Of a job that POST /jobs/{id}/retry added: the job that it does again. */
            readonly retryOf?: string;
            /** Format: date-time */
            readonly createdAt: string;
            /**
             * Format: date-time
             * @description When `version` last rose.
             */
            readonly updatedAt: string;
            /**
             * Format: date-time
             * @description When the first attempt started.
             */
            readonly startedAt?: string;
            /** Format: date-time */
            readonly finishedAt?: string;
            /** Format: date-time */
            readonly cancelRequestedAt?: string;
            /**
             * Format: date-time
             * @description Of a job that was added with a delay: no attempt starts before.
             */
            readonly runAt?: string;
            /**
             * Format: date-time
             * @description While the job waits for a retry: no attempt starts before.
             */
            readonly nextAttemptAt?: string;
            /** @description Epoch seconds from which on the job is gone; of ended jobs. */
            readonly expiresAt?: number;
            /**
             * Format: uri
             * @description Reads the object, for 60 minutes; browsers save it. In answers to GET /jobs/{id} only.
             */
            readonly inputUrl?: string;
            /**
             * Format: uri
             * @description Reads the object, for 60 minutes; browsers save it. In answers to GET /jobs/{id} only.
             */
            readonly resultUrl?: string;
            /** @description The files in a large result of up to 1 MiB, the first 1,000. In answers to GET /jobs/{id} only. */
            readonly resultFiles?: readonly {
                readonly bucket: string;
                readonly key: string;
                readonly bytes: number;
                readonly contentType: string;
                /**
                 * Format: uri
                 * @description Reads the object, for 60 minutes; browsers save it.
                 */
                readonly url: string;
            }[];
        } & (unknown | unknown);
        readonly JobType: {
            readonly name: string;
            readonly description: string;
            /** @description JSON Schema, draft 2020-12, of `input`. */
            readonly inputSchema: Record<string, never>;
            /** @description The files that its jobs take, by their names: see POST /uploads. */
            readonly files: {
                readonly [key: string]: {
                    readonly description: string;
                    readonly maxBytes: number;
                    /** @description Whether a job must have it. */
                    readonly required: boolean;
                    /** @description Those that it may have; absent where it may have any. */
                    readonly contentTypes?: readonly string[];
                };
            };
            readonly limits: {
                /** @description Seconds that one attempt may take. */
                readonly timeoutSeconds: number;
                readonly maxAttempts: number;
                /** @description Jobs that one worker runs at a time. */
                readonly concurrency: number;
                /** @description Workers that run at a time, at most. */
                readonly maxTasks: number;
            };
            /**
             * @description The type takes no more jobs.
             * @constant
             */
            readonly retired?: true;
        };
        readonly Upload: {
            /** @description What `files` of POST /jobs names. */
            readonly upload: string;
            /**
             * Format: uri
             * @description Takes one `PUT` of the file's bytes.
             */
            readonly url: string;
            /** @description The `PUT` must have these, as they are here; most clients add `content-length` themselves, and browsers always do. */
            readonly headers: {
                readonly "content-length": string;
                readonly "content-type": string;
                /** @constant */
                readonly "if-none-match": "*";
            };
            /**
             * Format: date-time
             * @description The `PUT` must begin before.
             */
            readonly expiresAt: string;
        };
        readonly Problem: {
            /** @constant */
            readonly type: "about:blank";
            readonly title: string;
            readonly status: number;
            /**
             * @description - `InvalidJson`: the body is not JSON in UTF-8
             *     - `InvalidRequest`: the body, a header or a query parameter has the wrong shape, or two members have one name; see `errors`
             *     - `InvalidCursor`: the cursor was not issued for this query
             *     - `Unauthenticated`: the request names no principal
             *     - `JobNotFound`: no such job, or it has expired, or it is not the caller's
             *     - `UnknownJobType`: no such job type
             *     - `RouteNotFound`: no such path or method
             *     - `IdempotencyKeyReused`: the idempotency key belongs to another request
             *     - `JobTypeRetired`: the job type takes no more jobs
             *     - `JobNotEnded`: the job has not ended, so it cannot be retried
             *     - `JobAlreadyEnded`: the job succeeded or failed before it could be cancelled
             *     - `FileTooLarge`: the file is larger than its job type takes; see `errors`
             *     - `BodyTooLarge`: the body is too large
             *     - `InvalidInput`: the input does not match the schema of its job type, or has numbers that its handler cannot hold; see `errors`
             *     - `InvalidFiles`: a file is not declared by the job type, not uploaded, too old, or not as the job type asks; see `errors`
             *     - `InternalError`: something is broken; whether the request took effect is unknown
             *     - `Unavailable`: a service is overloaded or slow; whether the request took effect is unknown: try again
             * @enum {string}
             */
            readonly code: "InvalidJson" | "InvalidRequest" | "InvalidCursor" | "Unauthenticated" | "JobNotFound" | "UnknownJobType" | "RouteNotFound" | "IdempotencyKeyReused" | "JobTypeRetired" | "JobNotEnded" | "JobAlreadyEnded" | "FileTooLarge" | "BodyTooLarge" | "InvalidInput" | "InvalidFiles" | "InternalError" | "Unavailable";
            /** @description What went wrong, for people. */
            readonly detail: string;
            readonly errors?: readonly {
                /** @description A JSON pointer into the body, `?name` for a query parameter, or a header. */
                readonly path: string;
                readonly message: string;
            }[];
        };
        readonly GatewayError: {
            readonly message: string | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    readonly listJobs: {
        readonly parameters: {
            readonly query?: {
                /** @description Only jobs of this type. */
                readonly type?: string;
                /** @description Only jobs in this state; given several times, in one of them. */
                readonly status?: readonly ("QUEUED" | "RUNNING" | "SUCCEEDED" | "FAILED" | "CANCELLED")[];
                /** @description Only jobs with this tag, `key:value`; given several times, with all of them. */
                readonly tag?: readonly string[];
                /** @description Only jobs that were added later than this time (RFC 3339; `+` in a query is `%2B`). */
                readonly createdAfter?: string;
                /** @description Only jobs that were added earlier than this time. */
                readonly createdBefore?: string;
                /** @description Jobs to return, at most. */
                readonly limit?: number;
                /** @description `cursor` of the page before, with the same other parameters. */
                readonly cursor?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page. While it has a `cursor` there may be more, even where `items` are few. */
            readonly 200: {
                headers: {
                    readonly "cache-control": "no-store";
                    readonly "x-content-type-options": "nosniff";
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Job"][];
                        readonly cursor?: string;
                    };
                };
            };
            /**
             * @description `InvalidCursor`: the cursor was not issued for this query
             *
             *     `InvalidRequest`: the body, a header or a query parameter has the wrong shape, or two members have one name; see `errors`
             *
             *     From API Gateway: the request is not well-formed HTTP
             */
            readonly 400: {
                headers: {
                    readonly "cache-control"?: "no-store";
                    readonly "x-content-type-options"?: "nosniff";
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        readonly status?: 400;
                        /** @enum {unknown} */
                        readonly code?: "InvalidCursor" | "InvalidRequest";
                    };
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /**
             * @description `Unauthenticated`: the request names no principal
             *
             *     From API Gateway: the token is missing, expired or of another issuer
             */
            readonly 401: {
                headers: {
                    readonly "cache-control"?: "no-store";
                    readonly "x-content-type-options"?: "nosniff";
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        readonly status?: 401;
                        /** @enum {unknown} */
                        readonly code?: "Unauthenticated";
                    };
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description From API Gateway: the caller may not make this call */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description From API Gateway: the request is larger than a Lambda function takes: 6 MB, of which a body in base 64 needs a third more than its size */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description From API Gateway: too many requests: try again */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /**
             * @description `InternalError`: something is broken; whether the request took effect is unknown
             *
             *     From API Gateway: something is broken; whether the request took effect is unknown
             */
            readonly 500: {
                headers: {
                    readonly "cache-control"?: "no-store";
                    readonly "x-content-type-options"?: "nosniff";
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        readonly status?: 500;
                        /** @enum {unknown} */
                        readonly code?: "InternalError";
                    };
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /**
             * @description `Unavailable`: a service is overloaded or slow; whether the request took effect is unknown: try again
             *
             *     From API Gateway: the operation took longer than 30 s; whether the request took effect is unknown: try again
             */
            readonly 503: {
                headers: {
                    readonly "cache-control"?: "no-store";
                    readonly "x-content-type-options"?: "nosniff";
                    /** @description Seconds. */
                    readonly "Retry-After"?: number;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        readonly status?: 503;
                        /** @enum {unknown} */
                        readonly code?: "Unavailable";
                    };
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
        };
    };
    readonly addJob: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Requests of one caller with the same key and body add one job. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        /** @description JSON in UTF-8 without a byte order mark, whatever the content type claims: at most 2097152 bytes, at most 200 levels deep, and no two members of one object with the same name. */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /** @description The name of a job type, see GET /job-types. */
                    readonly type: string;
                    /** @description What the job works on: any JSON that meets the input schema of its type. It is kept as the text that was sent, to the last digit. A number that a double cannot hold (an integer past 2^53, say) is refused, except by types whose jobs are commands; in a text it is safe everywhere. */
                    readonly input: unknown;
                    /** @description Files that the job reads, as GET /job-types names them: for each the `upload` that POST /uploads answered the same caller with, for this type and name, at most 24 hours ago. One upload may be the file of several jobs. */
                    readonly files?: {
                        readonly [key: string]: string;
                    };
                    /**
                     * @description How long the job is kept from the workers, in seconds (SQS message timers end at 15 minutes).
                     * @default 0
                     */
                    readonly delaySeconds?: number;
                    /** @description The tenant: tenants with many jobs do not hold up those with few (SQS message group ID). By default the job's owner, or `sha256:` and the owner's hash where the owner is not such an ID. A group is shared by all callers who name it. */
                    readonly groupId?: string;
                    /** @description Labels of the caller's own; the job and its events carry them. */
                    readonly tags?: {
                        readonly [key: string]: string;
                    };
                };
            };
        };
        readonly responses: {
            /** @description The job is stored and will run. */
            readonly 202: {
                headers: {
                    readonly "cache-control": "no-store";
                    readonly "x-content-type-options": "nosniff";
                    /** @description Path of the job. */
                    readonly Location: string;
                    /** @description The job had been added by an earlier request. */
                    readonly "Idempotency-Replayed"?: "true";
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Job"];
                };
            };
            /**
             * @description `InvalidJson`: the body is not JSON in UTF-8
             *
             *     `InvalidRequest`: the body, a header or a query parameter has the wrong shape, or two members have one name; see `errors`
             *
             *     From API Gateway: the request is not well-formed HTTP
             */
            readonly 400: {
                headers: {
                    readonly "cache-control"?: "no-store";
                    readonly "x-content-type-options"?: "nosniff";
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        readonly status?: 400;
                        /** @enum {unknown} */
                        readonly code?: "InvalidJson" | "InvalidRequest";
                    };
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /**
             * @description `Unauthenticated`: the request names no principal
             *
             *     From API Gateway: the token is missing, expired or of another issuer
             */
            readonly 401: {
                headers: {
                    readonly "cache-control"?: "no-store";
                    readonly "x-content-type-options"?: "nosniff";
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        readonly status?: 401;
                        /** @enum {unknown} */
                        readonly code?: "Unauthenticated";
                    };
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description From API Gateway: the caller may not make this call */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description `UnknownJobType`: no such job type */
            readonly 404: {
                headers: {
                    readonly "cache-control": "no-store";
                    readonly "x-content-type-options": "nosniff";
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        readonly status?: 404;
                        /** @enum {unknown} */
                        readonly code?: "UnknownJobType";
                    };
                };
            };
            /**
             * @description `JobTypeRetired`: the job type takes no more jobs
             *
             *     `IdempotencyKeyReused`: the idempotency key belongs to another request
             */
            readonly 409: {
                headers: {
                    readonly "cache-control": "no-store";
                    readonly "x-content-type-options": "nosniff";
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        readonly status?: 409;
                        /** @enum {unknown} */
                        readonly code?: "JobTypeRetired" | "IdempotencyKeyReused";
                    };
                };
            };
            /**
             * @description `BodyTooLarge`: the body is too large
             *
             *     From API Gateway: the request is larger than a Lambda function takes: 6 MB, of which a body in base 64 needs a third more than its size
             */
            readonly 413: {
                headers: {
                    readonly "cache-control"?: "no-store";
                    readonly "x-content-type-options"?: "nosniff";
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        readonly status?: 413;
                        /** @enum {unknown} */
                        readonly code?: "BodyTooLarge";
                    };
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /**
             * @description `InvalidInput`: the input does not match the schema of its job type, or has numbers that its handler cannot hold; see `errors`
             *
             *     `InvalidFiles`: a file is not declared by the job type, not uploaded, too old, or not as the job type asks; see `errors`
             */
            readonly 422: {
                headers: {
                    readonly "cache-control": "no-store";
                    readonly "x-content-type-options": "nosniff";
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        readonly status?: 422;
                        /** @enum {unknown} */
                        readonly code?: "InvalidInput" | "InvalidFiles";
                    };
                };
            };
            /** @description From API Gateway: too many requests: try again */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /**
             * @description `InternalError`: something is broken; whether the request took effect is unknown
             *
             *     From API Gateway: something is broken; whether the request took effect is unknown
             */
            readonly 500: {
                headers: {
                    readonly "cache-control"?: "no-store";
                    readonly "x-content-type-options"?: "nosniff";
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        readonly status?: 500;
                        /** @enum {unknown} */
                        readonly code?: "InternalError";
                    };
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /**
             * @description `Unavailable`: a service is overloaded or slow; whether the request took effect is unknown: try again
             *
             *     From API Gateway: the operation took longer than 30 s; whether the request took effect is unknown: try again
             */
            readonly 503: {
                headers: {
                    readonly "cache-control"?: "no-store";
                    readonly "x-content-type-options"?: "nosniff";
                    /** @description Seconds. */
                    readonly "Retry-After"?: number;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        readonly status?: 503;
                        /** @enum {unknown} */
                        readonly code?: "Unavailable";
                    };
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
        };
    };
    readonly getJob: {
        readonly parameters: {
            readonly query?: {
                /** @description Answers as soon as the job has ended, or after so many seconds as it is then. Without it, at once. */
                readonly waitSeconds?: number;
            };
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The job. */
            readonly 200: {
                headers: {
                    readonly "cache-control": "no-store";
                    readonly "x-content-type-options": "nosniff";
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Job"];
                };
            };
            /**
             * @description `InvalidRequest`: the body, a header or a query parameter has the wrong shape, or two members have one name; see `errors`
             *
             *     From API Gateway: the request is not well-formed HTTP
             */
            readonly 400: {
                headers: {
                    readonly "cache-control"?: "no-store";
                    readonly "x-content-type-options"?: "nosniff";
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        readonly status?: 400;
                        /** @enum {unknown} */
                        readonly code?: "InvalidRequest";
                    };
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /**
             * @description `Unauthenticated`: the request names no principal
             *
             *     From API Gateway: the token is missing, expired or of another issuer
             */
            readonly 401: {
                headers: {
                    readonly "cache-control"?: "no-store";
                    readonly "x-content-type-options"?: "nosniff";
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        readonly status?: 401;
                        /** @enum {unknown} */
                        readonly code?: "Unauthenticated";
                    };
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description From API Gateway: the caller may not make this call */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description `JobNotFound`: no such job, or it has expired, or it is not the caller's */
            readonly 404: {
                headers: {
                    readonly "cache-control": "no-store";
                    readonly "x-content-type-options": "nosniff";
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        readonly status?: 404;
                        /** @enum {unknown} */
                        readonly code?: "JobNotFound";
                    };
                };
            };
            /** @description From API Gateway: the request is larger than a Lambda function takes: 6 MB, of which a body in base 64 needs a third more than its size */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description From API Gateway: too many requests: try again */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /**
             * @description `InternalError`: something is broken; whether the request took effect is unknown
             *
             *     From API Gateway: something is broken; whether the request took effect is unknown
             */
            readonly 500: {
                headers: {
                    readonly "cache-control"?: "no-store";
                    readonly "x-content-type-options"?: "nosniff";
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        readonly status?: 500;
                        /** @enum {unknown} */
                        readonly code?: "InternalError";
                    };
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /**
             * @description `Unavailable`: a service is overloaded or slow; whether the request took effect is unknown: try again
             *
             *     From API Gateway: the operation took longer than 30 s; whether the request took effect is unknown: try again
             */
            readonly 503: {
                headers: {
                    readonly "cache-control"?: "no-store";
                    readonly "x-content-type-options"?: "nosniff";
                    /** @description Seconds. */
                    readonly "Retry-After"?: number;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        readonly status?: 503;
                        /** @enum {unknown} */
                        readonly code?: "Unavailable";
                    };
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
        };
    };
    readonly retryJob: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The job is stored and will run. */
            readonly 202: {
                headers: {
                    readonly "cache-control": "no-store";
                    readonly "x-content-type-options": "nosniff";
                    /** @description Path of the job. */
                    readonly Location: string;
                    /** @description The job had been added by an earlier request. */
                    readonly "Idempotency-Replayed"?: "true";
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Job"];
                };
            };
            /**
             * @description `InvalidRequest`: the body, a header or a query parameter has the wrong shape, or two members have one name; see `errors`
             *
             *     From API Gateway: the request is not well-formed HTTP
             */
            readonly 400: {
                headers: {
                    readonly "cache-control"?: "no-store";
                    readonly "x-content-type-options"?: "nosniff";
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        readonly status?: 400;
                        /** @enum {unknown} */
                        readonly code?: "InvalidRequest";
                    };
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /**
             * @description `Unauthenticated`: the request names no principal
             *
             *     From API Gateway: the token is missing, expired or of another issuer
             */
            readonly 401: {
                headers: {
                    readonly "cache-control"?: "no-store";
                    readonly "x-content-type-options"?: "nosniff";
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        readonly status?: 401;
                        /** @enum {unknown} */
                        readonly code?: "Unauthenticated";
                    };
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description From API Gateway: the caller may not make this call */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /**
             * @description `JobNotFound`: no such job, or it has expired, or it is not the caller's
             *
             *     `UnknownJobType`: no such job type
             */
            readonly 404: {
                headers: {
                    readonly "cache-control": "no-store";
                    readonly "x-content-type-options": "nosniff";
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        readonly status?: 404;
                        /** @enum {unknown} */
                        readonly code?: "JobNotFound" | "UnknownJobType";
                    };
                };
            };
            /**
             * @description `JobNotEnded`: the job has not ended, so it cannot be retried
             *
             *     `JobTypeRetired`: the job type takes no more jobs
             */
            readonly 409: {
                headers: {
                    readonly "cache-control": "no-store";
                    readonly "x-content-type-options": "nosniff";
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        readonly status?: 409;
                        /** @enum {unknown} */
                        readonly code?: "JobNotEnded" | "JobTypeRetired";
                    };
                };
            };
            /** @description From API Gateway: the request is larger than a Lambda function takes: 6 MB, of which a body in base 64 needs a third more than its size */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description From API Gateway: too many requests: try again */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /**
             * @description `InternalError`: something is broken; whether the request took effect is unknown
             *
             *     From API Gateway: something is broken; whether the request took effect is unknown
             */
            readonly 500: {
                headers: {
                    readonly "cache-control"?: "no-store";
                    readonly "x-content-type-options"?: "nosniff";
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        readonly status?: 500;
                        /** @enum {unknown} */
                        readonly code?: "InternalError";
                    };
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /**
             * @description `Unavailable`: a service is overloaded or slow; whether the request took effect is unknown: try again
             *
             *     From API Gateway: the operation took longer than 30 s; whether the request took effect is unknown: try again
             */
            readonly 503: {
                headers: {
                    readonly "cache-control"?: "no-store";
                    readonly "x-content-type-options"?: "nosniff";
                    /** @description Seconds. */
                    readonly "Retry-After"?: number;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        readonly status?: 503;
                        /** @enum {unknown} */
                        readonly code?: "Unavailable";
                    };
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
        };
    };
    readonly cancelJob: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The job is cancelled. */
            readonly 200: {
                headers: {
                    readonly "cache-control": "no-store";
                    readonly "x-content-type-options": "nosniff";
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Job"];
                };
            };
            /** @description The job runs, and its worker will stop it: see `cancelRequestedAt`. */
            readonly 202: {
                headers: {
                    readonly "cache-control": "no-store";
                    readonly "x-content-type-options": "nosniff";
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Job"];
                };
            };
            /**
             * @description `InvalidRequest`: the body, a header or a query parameter has the wrong shape, or two members have one name; see `errors`
             *
             *     From API Gateway: the request is not well-formed HTTP
             */
            readonly 400: {
                headers: {
                    readonly "cache-control"?: "no-store";
                    readonly "x-content-type-options"?: "nosniff";
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        readonly status?: 400;
                        /** @enum {unknown} */
                        readonly code?: "InvalidRequest";
                    };
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /**
             * @description `Unauthenticated`: the request names no principal
             *
             *     From API Gateway: the token is missing, expired or of another issuer
             */
            readonly 401: {
                headers: {
                    readonly "cache-control"?: "no-store";
                    readonly "x-content-type-options"?: "nosniff";
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        readonly status?: 401;
                        /** @enum {unknown} */
                        readonly code?: "Unauthenticated";
                    };
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description From API Gateway: the caller may not make this call */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description `JobNotFound`: no such job, or it has expired, or it is not the caller's */
            readonly 404: {
                headers: {
                    readonly "cache-control": "no-store";
                    readonly "x-content-type-options": "nosniff";
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        readonly status?: 404;
                        /** @enum {unknown} */
                        readonly code?: "JobNotFound";
                    };
                };
            };
            /** @description `JobAlreadyEnded`: the job succeeded or failed before it could be cancelled */
            readonly 409: {
                headers: {
                    readonly "cache-control": "no-store";
                    readonly "x-content-type-options": "nosniff";
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        readonly status?: 409;
                        /** @enum {unknown} */
                        readonly code?: "JobAlreadyEnded";
                    };
                };
            };
            /** @description From API Gateway: the request is larger than a Lambda function takes: 6 MB, of which a body in base 64 needs a third more than its size */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description From API Gateway: too many requests: try again */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /**
             * @description `InternalError`: something is broken; whether the request took effect is unknown
             *
             *     From API Gateway: something is broken; whether the request took effect is unknown
             */
            readonly 500: {
                headers: {
                    readonly "cache-control"?: "no-store";
                    readonly "x-content-type-options"?: "nosniff";
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        readonly status?: 500;
                        /** @enum {unknown} */
                        readonly code?: "InternalError";
                    };
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /**
             * @description `Unavailable`: a service is overloaded or slow; whether the request took effect is unknown: try again
             *
             *     From API Gateway: the operation took longer than 30 s; whether the request took effect is unknown: try again
             */
            readonly 503: {
                headers: {
                    readonly "cache-control"?: "no-store";
                    readonly "x-content-type-options"?: "nosniff";
                    /** @description Seconds. */
                    readonly "Retry-After"?: number;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        readonly status?: 503;
                        /** @enum {unknown} */
                        readonly code?: "Unavailable";
                    };
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
        };
    };
    readonly createUpload: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** @description JSON in UTF-8 without a byte order mark, whatever the content type claims: at most 2097152 bytes, at most 200 levels deep, and no two members of one object with the same name. */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /** @description The name of a job type, see GET /job-types. */
                    readonly type: string;
                    /** @description Which of the type's files it is, see `files` of GET /job-types. */
                    readonly name: string;
                    /** @description The file's size, at most the type's `maxBytes` and never more than 5000000000; the upload must have it exactly. */
                    readonly bytes: number;
                    /**
                     * @description One of the type's `contentTypes`, where it has any.
                     * @default application/octet-stream
                     */
                    readonly contentType?: string;
                };
            };
        };
        readonly responses: {
            /** @description Send the file to `url`, and name `upload` in POST /jobs. */
            readonly 201: {
                headers: {
                    readonly "cache-control": "no-store";
                    readonly "x-content-type-options": "nosniff";
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Upload"];
                };
            };
            /**
             * @description `InvalidJson`: the body is not JSON in UTF-8
             *
             *     `InvalidRequest`: the body, a header or a query parameter has the wrong shape, or two members have one name; see `errors`
             *
             *     From API Gateway: the request is not well-formed HTTP
             */
            readonly 400: {
                headers: {
                    readonly "cache-control"?: "no-store";
                    readonly "x-content-type-options"?: "nosniff";
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        readonly status?: 400;
                        /** @enum {unknown} */
                        readonly code?: "InvalidJson" | "InvalidRequest";
                    };
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /**
             * @description `Unauthenticated`: the request names no principal
             *
             *     From API Gateway: the token is missing, expired or of another issuer
             */
            readonly 401: {
                headers: {
                    readonly "cache-control"?: "no-store";
                    readonly "x-content-type-options"?: "nosniff";
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        readonly status?: 401;
                        /** @enum {unknown} */
                        readonly code?: "Unauthenticated";
                    };
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description From API Gateway: the caller may not make this call */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description `UnknownJobType`: no such job type */
            readonly 404: {
                headers: {
                    readonly "cache-control": "no-store";
                    readonly "x-content-type-options": "nosniff";
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        readonly status?: 404;
                        /** @enum {unknown} */
                        readonly code?: "UnknownJobType";
                    };
                };
            };
            /** @description `JobTypeRetired`: the job type takes no more jobs */
            readonly 409: {
                headers: {
                    readonly "cache-control": "no-store";
                    readonly "x-content-type-options": "nosniff";
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        readonly status?: 409;
                        /** @enum {unknown} */
                        readonly code?: "JobTypeRetired";
                    };
                };
            };
            /**
             * @description `BodyTooLarge`: the body is too large
             *
             *     `FileTooLarge`: the file is larger than its job type takes; see `errors`
             *
             *     From API Gateway: the request is larger than a Lambda function takes: 6 MB, of which a body in base 64 needs a third more than its size
             */
            readonly 413: {
                headers: {
                    readonly "cache-control"?: "no-store";
                    readonly "x-content-type-options"?: "nosniff";
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        readonly status?: 413;
                        /** @enum {unknown} */
                        readonly code?: "BodyTooLarge" | "FileTooLarge";
                    };
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description `InvalidFiles`: a file is not declared by the job type, not uploaded, too old, or not as the job type asks; see `errors` */
            readonly 422: {
                headers: {
                    readonly "cache-control": "no-store";
                    readonly "x-content-type-options": "nosniff";
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        readonly status?: 422;
                        /** @enum {unknown} */
                        readonly code?: "InvalidFiles";
                    };
                };
            };
            /** @description From API Gateway: too many requests: try again */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /**
             * @description `InternalError`: something is broken; whether the request took effect is unknown
             *
             *     From API Gateway: something is broken; whether the request took effect is unknown
             */
            readonly 500: {
                headers: {
                    readonly "cache-control"?: "no-store";
                    readonly "x-content-type-options"?: "nosniff";
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        readonly status?: 500;
                        /** @enum {unknown} */
                        readonly code?: "InternalError";
                    };
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /**
             * @description `Unavailable`: a service is overloaded or slow; whether the request took effect is unknown: try again
             *
             *     From API Gateway: the operation took longer than 30 s; whether the request took effect is unknown: try again
             */
            readonly 503: {
                headers: {
                    readonly "cache-control"?: "no-store";
                    readonly "x-content-type-options"?: "nosniff";
                    /** @description Seconds. */
                    readonly "Retry-After"?: number;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        readonly status?: 503;
                        /** @enum {unknown} */
                        readonly code?: "Unavailable";
                    };
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
        };
    };
    readonly listJobTypes: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description All job types, by name. */
            readonly 200: {
                headers: {
                    readonly "cache-control": "no-store";
                    readonly "x-content-type-options": "nosniff";
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["JobType"][];
                    };
                };
            };
            /**
             * @description `InvalidRequest`: the body, a header or a query parameter has the wrong shape, or two members have one name; see `errors`
             *
             *     From API Gateway: the request is not well-formed HTTP
             */
            readonly 400: {
                headers: {
                    readonly "cache-control"?: "no-store";
                    readonly "x-content-type-options"?: "nosniff";
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        readonly status?: 400;
                        /** @enum {unknown} */
                        readonly code?: "InvalidRequest";
                    };
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description From API Gateway: the token is missing, expired or of another issuer */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description From API Gateway: the caller may not make this call */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description From API Gateway: the request is larger than a Lambda function takes: 6 MB, of which a body in base 64 needs a third more than its size */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description From API Gateway: too many requests: try again */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /**
             * @description `InternalError`: something is broken; whether the request took effect is unknown
             *
             *     From API Gateway: something is broken; whether the request took effect is unknown
             */
            readonly 500: {
                headers: {
                    readonly "cache-control"?: "no-store";
                    readonly "x-content-type-options"?: "nosniff";
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        readonly status?: 500;
                        /** @enum {unknown} */
                        readonly code?: "InternalError";
                    };
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /**
             * @description `Unavailable`: a service is overloaded or slow; whether the request took effect is unknown: try again
             *
             *     From API Gateway: the operation took longer than 30 s; whether the request took effect is unknown: try again
             */
            readonly 503: {
                headers: {
                    readonly "cache-control"?: "no-store";
                    readonly "x-content-type-options"?: "nosniff";
                    /** @description Seconds. */
                    readonly "Retry-After"?: number;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        readonly status?: 503;
                        /** @enum {unknown} */
                        readonly code?: "Unavailable";
                    };
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
        };
    };
    readonly describeApi: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description This description. */
            readonly 200: {
                headers: {
                    readonly "cache-control": "no-store";
                    readonly "x-content-type-options": "nosniff";
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": Record<string, never>;
                };
            };
            /**
             * @description `InvalidRequest`: the body, a header or a query parameter has the wrong shape, or two members have one name; see `errors`
             *
             *     From API Gateway: the request is not well-formed HTTP
             */
            readonly 400: {
                headers: {
                    readonly "cache-control"?: "no-store";
                    readonly "x-content-type-options"?: "nosniff";
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        readonly status?: 400;
                        /** @enum {unknown} */
                        readonly code?: "InvalidRequest";
                    };
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description From API Gateway: the token is missing, expired or of another issuer */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description From API Gateway: the caller may not make this call */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description From API Gateway: the request is larger than a Lambda function takes: 6 MB, of which a body in base 64 needs a third more than its size */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description From API Gateway: too many requests: try again */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /**
             * @description `InternalError`: something is broken; whether the request took effect is unknown
             *
             *     From API Gateway: something is broken; whether the request took effect is unknown
             */
            readonly 500: {
                headers: {
                    readonly "cache-control"?: "no-store";
                    readonly "x-content-type-options"?: "nosniff";
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        readonly status?: 500;
                        /** @enum {unknown} */
                        readonly code?: "InternalError";
                    };
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
            /**
             * @description `Unavailable`: a service is overloaded or slow; whether the request took effect is unknown: try again
             *
             *     From API Gateway: the operation took longer than 30 s; whether the request took effect is unknown: try again
             */
            readonly 503: {
                headers: {
                    readonly "cache-control"?: "no-store";
                    readonly "x-content-type-options"?: "nosniff";
                    /** @description Seconds. */
                    readonly "Retry-After"?: number;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        readonly status?: 503;
                        /** @enum {unknown} */
                        readonly code?: "Unavailable";
                    };
                    readonly "application/json": components["schemas"]["GatewayError"];
                };
            };
        };
    };
}
