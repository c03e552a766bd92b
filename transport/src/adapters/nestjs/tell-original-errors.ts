import type { ArgumentsHost } from "@nestjs/common";
import { BaseRpcExceptionFilter } from "@nestjs/microservices";
import type { Observable } from "rxjs";
import { SluiceContext } from "./sluice-context.ts";

/**
 * Lets the retries and those who look at parked messages know what a handler threw. Without it they see what Nest's filters make of it,
 * which is `Internal server error`. What is answered to requests stays as it is.
 *
 * ```ts
 * app.useGlobalFilters(new TellOriginalErrors());
 * ```
 */
export class TellOriginalErrors extends BaseRpcExceptionFilter {
  override catch(exception: unknown, host: ArgumentsHost): Observable<unknown> {
    const context: unknown = host.switchToRpc().getContext();
    if (context instanceof SluiceContext) context.tellOriginalError(exception);
    // What is no RpcException is told strangers without its text.
    return super.catch(exception as Parameters<BaseRpcExceptionFilter["catch"]>[0], host);
  }
}
