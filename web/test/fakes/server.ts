/** A server for the page's requests: answers by method and path, and remembers what it was asked. */
import { afterEach, vi } from "vitest";

export interface Asked {
  method: string;
  path: string;
  search: URLSearchParams;
  body: unknown;
}

type Answer = (asked: Asked) => unknown;

/** An answer other than 200. */
export class Refusal {
  constructor(
    readonly status: number,
    readonly problem: object,
  ) {}
}

export class FakeServer {
  readonly asked: Asked[] = [];
  private readonly answers = new Map<string, Answer>();

  constructor() {
    vi.stubGlobal("fetch", (input: string, init: RequestInit = {}) => this.fetch(input, init));
  }

  /** `GET /api/strategies`; the newest answer to an address counts. */
  on(address: string, answer: Answer): this {
    this.answers.set(address, answer);
    return this;
  }

  to(address: string): Asked[] {
    return this.asked.filter(({ method, path }) => `${method} ${path}` === address);
  }

  private fetch(input: string, init: RequestInit): Promise<Response> {
    const url = new URL(input, "http://page.test");
    const asked: Asked = {
      method: init.method ?? "GET",
      path: decodeURIComponent(url.pathname),
      search: url.searchParams,
      body: typeof init.body === "string" ? (JSON.parse(init.body) as unknown) : null,
    };
    this.asked.push(asked);
    const answer = this.answers.get(`${asked.method} ${asked.path}`);
    const given = answer
      ? answer(asked)
      : new Refusal(404, { code: "not_found", detail: `The fake server has no ${asked.method} ${asked.path}.` });
    const refused = given instanceof Refusal;
    return Promise.resolve(
      new Response(JSON.stringify(refused ? given.problem : given), { status: refused ? given.status : 200 }),
    );
  }
}

afterEach(() => {
  vi.unstubAllGlobals();
});
