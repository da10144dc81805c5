import { beforeEach, describe, expect, test } from "vitest";
import {
  Connection,
  HANDSHAKE_WITHIN_MS,
  LOST_AFTER_MS,
  LOST_AFTER_WAKE_MS,
  PING_EVERY_MS,
  retryDelay,
  SUSPECT_AFTER_MS,
} from "@/live/connection";
import type { ConnectionStatus } from "@/live/connection";
import { FakeSurroundings } from "../fakes/surroundings";

let around: FakeSurroundings;
let statuses: ConnectionStatus[];
let texts: string[];
let connection: Connection;

beforeEach(() => {
  around = new FakeSurroundings();
  statuses = [];
  texts = [];
  connection = new Connection(
    around,
    (status) => statuses.push(status),
    (text) => texts.push(text),
  );
});

const live = (): void => {
  connection.start();
  around.socket.welcomes();
};

test("it is live once the server has welcomed it", () => {
  connection.start();
  expect(statuses).toEqual([]);
  around.socket.welcomes();
  expect(statuses).toEqual(["live"]);
});

test("it pings every two seconds while the page is visible", async () => {
  live();
  await around.pass(PING_EVERY_MS);
  expect(around.socket.sent).toEqual([{ type: "ping", id: 1 }]);
});

test("a hidden page does not ping", async () => {
  live();
  around.visible = false;
  await around.pass(PING_EVERY_MS * 3);
  expect(around.socket.sent).toEqual([]);
});

describe("when the socket is lost", () => {
  test("the badge says polling while the server answers", async () => {
    live();
    around.socket.drops();
    await around.pass(0);
    expect(statuses.at(-1)).toBe("polling");
  });
  test("the badge says offline while it does not", async () => {
    live();
    around.alive = false;
    around.socket.drops();
    await around.pass(0);
    expect(statuses.at(-1)).toBe("offline");
  });
  test("it connects again and is live again", async () => {
    live();
    around.socket.drops();
    await around.pass(400);
    expect(around.sockets).toHaveLength(2);
    around.socket.welcomes();
    expect(statuses.at(-1)).toBe("live");
  });
  test("a server that comes back is noticed by the probe, before the next try is due", async () => {
    live();
    around.alive = false;
    around.socket.drops();
    for (let failure = 0; failure < 6; failure += 1) {
      await around.pass(8000);
      around.socket.drops();
    }
    const tried = around.sockets.length;
    around.alive = true;
    await around.pass(2000);
    expect(around.sockets.length).toBeGreaterThan(tried);
    expect(statuses.at(-1)).toBe("polling");
  });
  test("a page that becomes visible tries at once", async () => {
    live();
    around.socket.drops();
    await around.pass(0);
    connection.wake();
    expect(around.sockets).toHaveLength(2);
  });
});

describe("a socket that is open but silent", () => {
  test("is doubted within three seconds", async () => {
    live();
    await around.pass(PING_EVERY_MS + SUSPECT_AFTER_MS);
    expect(statuses.at(-1)).not.toBe("live");
  });
  test("is live again with the next word", async () => {
    live();
    await around.pass(PING_EVERY_MS + SUSPECT_AFTER_MS);
    around.socket.says({ type: "pong", id: 1 });
    expect(statuses.at(-1)).toBe("live");
  });
  test("is given up in the end", async () => {
    live();
    const silent = around.socket;
    await around.pass(PING_EVERY_MS + LOST_AFTER_MS);
    expect(silent.closed).toBe(true);
  });
});

describe("a page that comes back", () => {
  test("gives up a socket that does not answer within half a second, and connects again at once", async () => {
    live();
    const dead = around.socket;
    connection.wake();
    await around.pass(LOST_AFTER_WAKE_MS);
    expect(dead.closed).toBe(true);
    expect(around.sockets).toHaveLength(2);
    around.socket.welcomes();
    expect(statuses.at(-1)).toBe("live");
  });
  test("keeps a socket that answers", async () => {
    live();
    connection.wake();
    around.socket.says({ type: "pong", id: 1 });
    await around.pass(LOST_AFTER_WAKE_MS);
    expect(around.sockets).toHaveLength(1);
    expect(statuses).toEqual(["live"]);
  });
  test("does not wait for a handshake that began before it slept", async () => {
    connection.start();
    connection.wake();
    await around.pass(LOST_AFTER_WAKE_MS);
    expect(around.sockets).toHaveLength(2);
  });
});

test("a handshake without a welcome is given up", async () => {
  connection.start();
  const first = around.socket;
  await around.pass(HANDSHAKE_WITHIN_MS);
  expect(first.closed).toBe(true);
});

test("what a socket says after it was given up is not heard", async () => {
  live();
  const old = around.socket;
  old.drops();
  await around.pass(400);
  texts.length = 0;
  old.says({ type: "pong", id: 1 });
  expect(texts).toEqual([]);
});

test("waits grow from 0.2 to at most 8 seconds, anywhere in between", () => {
  expect(retryDelay(1, 0)).toBe(200);
  expect(retryDelay(1, 1)).toBe(400);
  expect(retryDelay(50, 1)).toBe(8000);
  expect(retryDelay(50, 0)).toBe(200);
});

test("after stop nothing happens any more", async () => {
  live();
  connection.stop();
  await around.pass(60_000);
  expect(around.sockets).toHaveLength(1);
});
