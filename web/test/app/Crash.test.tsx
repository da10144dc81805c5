import { render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { Crash } from "@/app/Crash";

afterEach(() => {
  vi.restoreAllMocks();
});

function Broken(): never {
  throw new Error("no such thing");
}

test("a page that breaks says so, and the next one works", () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined); // React tells of the error there too
  const { rerender } = render(
    <Crash page="/a">
      <Broken />
    </Crash>,
  );
  expect(screen.getByRole("alert")).toHaveTextContent("no such thing");
  rerender(<Crash page="/b">fine</Crash>);
  expect(screen.getByText("fine")).toBeInTheDocument();
});
