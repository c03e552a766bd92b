import { status } from "@grpc/grpc-js";
import { streamsService } from "../../grpc/wire/streams.ts";
import type { Connection } from "../../client/connection.ts";

/** Ends a stream for ever; answers where in the log, undefined where it had ended already. */
export async function tombstone(connection: Connection, stream: string): Promise<number | undefined> {
  try {
    const { positionOption } = await connection.unary(streamsService, streamsService.methods.tombstone, {
      options: { streamIdentifier: stream, expectedStreamRevision: { case: "any" } },
    });
    return positionOption?.case === "position" ? Number(positionOption.value.commitPosition) : undefined;
  } catch (error) {
    const { code, metadata } = error as { readonly code?: number; readonly metadata?: { get(key: string): unknown[] } };
    if (code === status.FAILED_PRECONDITION && metadata?.get("exception")[0] === "stream-deleted") return undefined;
    throw error;
  }
}
