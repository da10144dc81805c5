/** The pages that are not the first to be seen: fetched when the first one stands, so that they open at once later. */
import { lazy } from "react";

const loadNewRun = () => import("@/features/new-run/NewRunPage");
const loadCompare = () => import("@/features/compare/ComparePage");
const loadCatalogue = () => import("@/features/catalogue/CataloguePage");

export const NewRunPage = lazy(async () => ({ default: (await loadNewRun()).NewRunPage }));
export const ComparePage = lazy(async () => ({ default: (await loadCompare()).ComparePage }));
export const CataloguePage = lazy(async () => ({ default: (await loadCatalogue()).CataloguePage }));

/** One that cannot be fetched now is fetched when it is gone to. */
export const fetchPages = (): Promise<unknown> => Promise.allSettled([loadNewRun(), loadCatalogue(), loadCompare()]);
