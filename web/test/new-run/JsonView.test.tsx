import { fireEvent, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, test } from "vitest";
import { NewRunPage } from "@/features/new-run/NewRunPage";
import { renderPage } from "../fakes/page";
import { aServer } from "./requests";

beforeEach(() => void aServer());

describe("the request as JSON", () => {
  const open = async (query = "kind=optimization") => {
    renderPage(<NewRunPage />, `/new?${query}`);
    await userEvent.click(await screen.findByText("As JSON"));
    return screen.getByLabelText<HTMLTextAreaElement>("Request as JSON");
  };
  const write = (box: HTMLTextAreaElement, request: unknown): void =>
    void fireEvent.change(box, { target: { value: typeof request === "string" ? request : JSON.stringify(request) } });
  const take = () => userEvent.click(screen.getByRole("button", { name: "Take it into the form" }));
  test("follows the form", async () => {
    const box = await open("kind=backtest");
    const fast = screen.getByLabelText("Fast period");
    await userEvent.clear(fast);
    await userEvent.type(fast, "33");
    expect(JSON.parse(box.value)).toMatchObject({ strategyParameters: { fastPeriod: 33 } });
  });
  test("fills in the form", async () => {
    const box = await open();
    write(box, {
      ...(JSON.parse(box.value) as object),
      axes: { fastPeriod: { values: [7, 8] } },
      method: "random",
      budget: 40,
    });
    await take();
    expect(screen.getByLabelText("Budget")).toHaveValue(40);
    expect(screen.getByLabelText("Fast period: values")).toHaveValue("7, 8");
  });
  test("that is none is refused with the reason, and the form stays", async () => {
    const box = await open();
    write(box, "{");
    await take();
    expect(screen.getByRole("alert")).toHaveTextContent("This is no JSON");
    expect(screen.getByRole("radio", { name: "Grid" })).toBeChecked();
  });
  test("that names what is not there is refused", async () => {
    const box = await open();
    write(box, { strategyName: "SmaCrossover", axes: { fastPeriot: { fixed: 1 } } });
    await take();
    expect(screen.getByRole("alert")).toHaveTextContent("SmaCrossover has no parameter fastPeriot.");
  });
});
