import type { OfficialClient } from "./official-client.ts";
export function connectionTests(_of: OfficialClient): void {}
