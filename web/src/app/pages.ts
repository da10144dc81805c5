/** The pages: those other than the first are fetched when it stands, so that they open at once later. */
import { lazy } from "react";

const loadNewRun = () => import("@/features/new-run/NewRunPage");
const loadBacktest = () => import("@/features/backtest/BacktestPage");
const loadOptimization = () => import("@/features/optimization/OptimizationPage");
const loadCompare = () => import("@/features/compare/ComparePage");
const loadCatalogue = () => import("@/features/catalogue/CataloguePage");

export const NewRunPage = lazy(async () => ({ default: (await loadNewRun()).NewRunPage }));
export const BacktestPage = lazy(async () => ({ default: (await loadBacktest()).BacktestPage }));
export const OptimizationPage = lazy(async () => ({ default: (await loadOptimization()).OptimizationPage }));
export const ComparePage = lazy(async () => ({ default: (await loadCompare()).ComparePage }));
export const CataloguePage = lazy(async () => ({ default: (await loadCatalogue()).CataloguePage }));

const LOADS = [loadBacktest, loadNewRun, loadOptimization, loadCompare, loadCatalogue];

/** One that cannot be fetched now is fetched when it is gone to. */
export const fetchPages = (): Promise<unknown> => Promise.allSettled(LOADS.map((load) => load()));
