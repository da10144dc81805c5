import { render, screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { expect, test } from "vitest";
import { besideOf } from "@/ui/beside";
import { Term } from "@/ui/Term";

test("a definition is shown while its word has the focus, and Escape hides it", async () => {
  render(<Term meaning="Gross profit by gross loss">Profit factor</Term>);
  const word = screen.getByText("Profit factor");
  expect(screen.queryByRole("tooltip")).toBeNull();
  await userEvent.tab();
  expect(screen.getByRole("tooltip")).toHaveTextContent("Gross profit by gross loss");
  expect(word).toHaveAccessibleDescription("Gross profit by gross loss");
  await userEvent.keyboard("{Escape}");
  expect(screen.queryByRole("tooltip")).toBeNull();
});

test("a definition is shown under the pointer", async () => {
  render(<Term meaning="Gross profit by gross loss">Profit factor</Term>);
  await userEvent.hover(screen.getByText("Profit factor"));
  expect(screen.getByRole("tooltip")).toBeInTheDocument();
  await userEvent.unhover(screen.getByText("Profit factor"));
  expect(screen.queryByRole("tooltip")).toBeNull();
});

test("a definition stays inside the window, and stands above what is at its end", () => {
  expect(besideOf({ left: 700, top: 100, bottom: 120 }, 800, 600)).toEqual({ left: 504, top: 126 });
  expect(besideOf({ left: 20, top: 560, bottom: 580 }, 800, 600)).toEqual({ left: 20, bottom: 46 });
  expect(besideOf({ left: 20, top: 100, bottom: 120 }, 200, 600)).toEqual({ left: 8, top: 126 });
});
