import { expect, test } from "vitest";
import type { RequestBody } from "@/api/types";
import { trialRequest } from "@/features/new-run/trialRequest";

const [gold, silver] = [
  { assetName: "GOLD", exchange: "TEST", timeFrame: "1d" },
  { assetName: "SILVER", exchange: "TEST", timeFrame: "1d" },
];
const request: RequestBody = {
  ...{ strategyName: "SmaCrossover", startTime: "2024-01-01T00:00:00Z", endTime: "2024-12-31T00:00:00Z" },
  ...{ initialCash: 500, label: "the sweep", axes: { fastPeriod: { min: 5, max: 9 } }, ...gold },
};

test("a trial keeps the settings, not the axes and the name of the sweep", () => {
  const single = trialRequest(request, { fastPeriod: 7 });
  expect(single).toMatchObject({ ...gold, initialCash: 500, strategyParameters: { fastPeriod: 7 } });
  expect(single).not.toHaveProperty("axes");
  expect(single).not.toHaveProperty("label");
});
test("a trial of one of several series runs on that one", () => {
  const axes = { dataSubscription: { values: [gold, silver] } };
  const single = trialRequest({ ...request, axes }, { fastPeriod: 7, dataSubscription: "SILVER/TEST/1d" });
  expect(single).toMatchObject({ ...silver, strategyParameters: { fastPeriod: 7 } });
  expect(single.strategyParameters).not.toHaveProperty("dataSubscription");
});
