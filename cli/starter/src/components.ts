import { sales } from "./sales.ts";

/** The components that run in this process, and that `npm run deploy` deploys. */
export const components = [sales];
