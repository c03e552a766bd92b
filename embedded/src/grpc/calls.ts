import type { handleServerStreamingCall, handleUnaryCall, ServerUnaryCall } from "@grpc/grpc-js";
import type { Call } from "./access.ts";
import { failureOf } from "./errors.ts";
import type { OpenCalls } from "./open-calls.ts";
import { Outlet } from "./outlet.ts";

/** A handler of one request with one answer from a function; what it throws becomes the call's status. */
export function unaryCall<Request, Response>(
  answer: (request: Request, call: ServerUnaryCall<Request, Response>) => Response | Promise<Response>,
): handleUnaryCall<Request, Response> {
  return async (call, callback) => {
    let response: Response;
    try {
      response = await answer(call.request, call);
    } catch (error) {
      callback(failureOf(error));
      return;
    }
    callback(null, response);
  };
}

/** A handler of one request with many answers: `answer` writes them, and the call ends when it is done or throws. */
export function streamingCall<Request, Response>(
  openCalls: OpenCalls,
  answer: (request: Request, outlet: Outlet<Response>, call: Call) => Promise<void>,
): handleServerStreamingCall<Request, Response> {
  return async (call) => {
    const outlet = new Outlet(call);
    openCalls.add(outlet);
    try {
      await answer(call.request, outlet, call);
      outlet.end();
    } catch (error) {
      outlet.fail(error);
    }
  };
}
