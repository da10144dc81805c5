import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { SaveMenu } from "@/ui/SaveMenu";

const saved = vi.fn();
vi.mock("@/ui/download", () => ({ saveAs: (...told: unknown[]) => void saved(...told) }));
beforeEach(() => void saved.mockClear());

const blob = new Blob(["x"]);
const items = [
  { label: "Report", name: "run.html", load: () => Promise.resolve(blob) },
  { label: "Trades", name: "run.csv", load: () => Promise.reject(new Error("The server does not answer.")) },
];
const unfold = () => userEvent.click(screen.getByRole("button", { name: "Save" }));

describe("the menu of files", () => {
  test("saves what is chosen under its name, and folds", async () => {
    render(<SaveMenu items={items} />);
    await unfold();
    await userEvent.click(screen.getByRole("button", { name: "Report" }));
    await waitFor(() => expect(saved).toHaveBeenCalledWith("run.html", blob));
    expect(screen.queryByRole("button", { name: "Report" })).not.toBeInTheDocument();
  });
  test("says why something could not be had, and stays", async () => {
    render(<SaveMenu items={items} />);
    await unfold();
    await userEvent.click(screen.getByRole("button", { name: "Trades" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("The server does not answer.");
    expect(saved).not.toHaveBeenCalled();
  });
  test("folds on Escape and on a press elsewhere", async () => {
    render(
      <>
        <SaveMenu items={items} />
        <p>elsewhere</p>
      </>,
    );
    await unfold();
    await userEvent.keyboard("{Escape}");
    expect(screen.getByRole("button", { name: "Save" })).toHaveAttribute("aria-expanded", "false");
    await unfold();
    await userEvent.click(screen.getByText("elsewhere"));
    expect(screen.queryByRole("button", { name: "Report" })).not.toBeInTheDocument();
  });
  test("is not there when there is nothing to keep", () => {
    render(<SaveMenu items={[]} />);
    expect(screen.queryByRole("button")).not.toBeInTheDocument();
  });
});
