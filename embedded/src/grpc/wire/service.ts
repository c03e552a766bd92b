import type {
  handleBidiStreamingCall,
  handleClientStreamingCall,
  handleServerStreamingCall,
  handleUnaryCall,
  MethodDefinition,
  Server,
  ServiceDefinition,
  UntypedServiceImplementation,
} from "@grpc/grpc-js";
import type { Message } from "./message.ts";

type Style = "unary" | "clientStream" | "serverStream" | "bidi";

/** One method: what it is called on the wire, what it takes and what it answers. */
export interface Method<S extends Style, RequestOut, RequestIn, ResponseOut, ResponseIn> {
  readonly style: S;
  readonly name: string;
  readonly request: Message<RequestOut, RequestIn>;
  readonly response: Message<ResponseOut, ResponseIn>;
}

type AnyMethod = Method<Style, unknown, never, unknown, never>;

const method =
  <S extends Style>(style: S) =>
  <RequestOut, RequestIn, ResponseOut, ResponseIn>(
    name: string,
    request: Message<RequestOut, RequestIn>,
    response: Message<ResponseOut, ResponseIn>,
  ): Method<S, RequestOut, RequestIn, ResponseOut, ResponseIn> => ({ style, name, request, response });

/** One request, one answer. */
export const unary = method("unary");
/** Many requests, one answer. */
export const clientStream = method("clientStream");
/** One request, many answers. */
export const serverStream = method("serverStream");
/** Many requests, many answers, at each side's own pace. */
export const bidi = method("bidi");

/** A gRPC service: its full name and its methods by the names handlers give them. */
export interface Service<M extends Readonly<Record<string, AnyMethod>>> {
  readonly name: string;
  readonly methods: M;
}

export function service<const M extends Readonly<Record<string, AnyMethod>>>(name: string, methods: M): Service<M> {
  return { name, methods };
}

/** The grpc-js handler of a method: it reads decoded requests and writes what the answer's codec takes. */
type Handler<M> =
  M extends Method<infer S, infer Request, never, unknown, infer Response>
    ? {
        unary: handleUnaryCall<Request, Response>;
        clientStream: handleClientStreamingCall<Request, Response>;
        serverStream: handleServerStreamingCall<Request, Response>;
        bidi: handleBidiStreamingCall<Request, Response>;
      }[S]
    : never;

/** A handler for each method of a service. */
export type Handlers<S> = S extends Service<infer M> ? { readonly [Name in keyof M]: Handler<M[Name]> } : never;

/** What grpc-js has to know of one method to serve it. */
function definitionOf(serviceName: string, one: AnyMethod): MethodDefinition<unknown, unknown> {
  const request = one.request as Message<unknown>;
  const response = one.response as Message<unknown>;
  return {
    path: `/${serviceName}/${one.name}`,
    requestStream: one.style === "clientStream" || one.style === "bidi",
    responseStream: one.style === "serverStream" || one.style === "bidi",
    requestSerialize: request.encode,
    requestDeserialize: request.decode,
    responseSerialize: response.encode,
    responseDeserialize: response.decode,
  };
}

/** The service as grpc-js defines one; it serves for clients, too. */
export function definition(of: Service<Readonly<Record<string, AnyMethod>>>): ServiceDefinition {
  return Object.fromEntries(Object.entries(of.methods).map(([name, one]) => [name, definitionOf(of.name, one)]));
}

/** Has `server` answer the service's calls with `handlers`. */
export function addService<M extends Readonly<Record<string, AnyMethod>>>(
  server: Server,
  of: Service<M>,
  handlers: Handlers<Service<M>>,
): void {
  server.addService(definition(of), handlers as UntypedServiceImplementation);
}
