import type { handleServerStreamingCall, handleUnaryCall, ServerUnaryCall } from "@grpc/grpc-js";
import type { Call } from "./access.ts";
import { failureOf } from "./errors.ts";
import type { OpenCalls } from "./open-calls.ts";
import { FlowControlledStream } from "./flow-controlled-stream.ts";

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
  answer: (request: Request, responses: FlowControlledStream<Response>, call: Call) => Promise<void>,
): handleServerStreamingCall<Request, Response> {
  return async (call) => {
    const responses = new FlowControlledStream(call);
    openCalls.add(responses);
    try {
      await answer(call.request, responses, call);
      responses.end();
    } catch (error) {
      responses.fail(error);
    }
  };
}
