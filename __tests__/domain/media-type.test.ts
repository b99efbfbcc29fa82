import { describe, expect, it } from "vitest";
import { PermanentError } from "../../domain/errors.ts";
import { checkMediaType, isMediaType, SIGNED_MEDIA_TYPE } from "../../domain/media-type.ts";

describe("a content type", () => {
  it.each([
    "text/plain",
    "TEXT/Plain",
    "application/vnd.apache.parquet",
    "image/svg+xml",
    "text/html;charset=utf-8",
    "text/plain ; charset=utf-8 ; format=flowed",
    'multipart/mixed; boundary="a b; c=\\"d\\""',
    "text/plain;",
    "text/plain; ;charset=utf-8",
    "text/plain \t",
    "x-a!#$%&'*+.^_`|~/0",
    `text/${"a".repeat(251)}`,
  ])("may be %j", (contentType) => {
    expect(isMediaType(contentType)).toBe(true);
    expect(() => checkMediaType(contentType)).not.toThrow();
  });

  it.each<unknown>([
    "",
    " ",
    "text",
    "/",
    "text/",
    "/plain",
    " text/plain",
    "text /plain",
    "text/pl ain",
    "text/plain/x",
    "text/plain, text/html",
    "text/plain\r\nSet-Cookie: a=b",
    "text/plain\n",
    "text/pläin",
    "text/plain; charset",
    "text/plain; charset =utf-8",
    "text/plain; charset=",
    'text/plain; charset="utf-8',
    'text/plain; charset="\u0000"',
    'text/plain; charset="é"',
    "text/plain\u0000",
    "text/plain\ud800",
    `text/${"a".repeat(252)}`,
    undefined,
    null,
    7,
    ["text/plain"],
  ])("may not be %j", (contentType) => {
    expect(isMediaType(contentType)).toBe(false);
    expect(() => checkMediaType(contentType)).toThrow(PermanentError);
  });

  it("is named when it is refused, cut and on one line", () => {
    expect(() => checkMediaType("text/plain\r\nx")).toThrow(
      expect.objectContaining({
        code: "InvalidContentType",
        message: expect.stringMatching(/^content type "text\/plain\\r\\nx" is not allowed;/),
      }),
    );
    expect(() => checkMediaType("a".repeat(100_000))).toThrow(
      expect.objectContaining({ message: expect.stringMatching(/^.{257,400}$/) }),
    );
  });
});

describe("a content type that is signed", () => {
  it.each([
    "text/plain",
    "text/plain;charset=utf-8",
    "text/plain ; charset=utf-8 ;",
    'multipart/mixed; boundary=" a b; c=\\"d\\" "',
  ])("may be %j", (contentType) => {
    expect([SIGNED_MEDIA_TYPE.test(contentType), isMediaType(contentType)]).toEqual([true, true]);
  });

  it.each([
    "text/plain ",
    "text/plain;  x=y",
    "text/plain;\tx=y",
    'text/plain; x="a  b"',
    'text/plain; x="a\tb"',
    'text/plain; x="\\ "',
  ])("may not be %j, of which blanks may get lost on the way", (contentType) => {
    expect([SIGNED_MEDIA_TYPE.test(contentType), isMediaType(contentType)]).toEqual([false, true]);
  });
});
