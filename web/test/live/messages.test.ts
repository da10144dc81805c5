import { expect, test } from "vitest";
import { decodeFrame } from "@/live/messages";

test("a frame holds one message or an array of them", () => {
  const pong = { type: "pong", id: 1 };
  expect(decodeFrame(JSON.stringify(pong))).toEqual([pong]);
  expect(decodeFrame(JSON.stringify([pong, pong]))).toHaveLength(2);
});

test.each([
  "no json",
  "null",
  '{"type":"update","runKey":"a","rev":[1],"state":{}}',
  '{"type":"snapshot","runKey":"a","rev":[1,2]}',
  '{"type":"of a newer server"}',
  '{"type":"toString"}',
])("%s is left out", (text) => {
  expect(decodeFrame(text)).toEqual([]);
});
