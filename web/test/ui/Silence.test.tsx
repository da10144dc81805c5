import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { longestSilence } from "@/live/useSilence";
import { Silence } from "@/ui/run/Silence";

const task = (runKey: string, silentSeconds: number) => ({ runKey, silentSeconds });

test("the most silent task of the run counts, no other", () => {
  const system = { workers: { tasks: [task("one", 2), task("two", 40), task("one", 7)] } } as never;
  expect(longestSilence(system, "one")).toBe(7);
  expect(longestSilence(system, "three")).toBe(0);
});

test("a worker that moves is not talked of", () => {
  render(<Silence kind="backtest" seconds={1.2} />);
  expect(screen.queryByRole("status")).toBeNull();
});

test("one that is silent for long is", () => {
  render(<Silence kind="optimization" seconds={125} />);
  expect(screen.getByRole("status")).toHaveTextContent("One of its workers has shown no progress for 2:05");
});
