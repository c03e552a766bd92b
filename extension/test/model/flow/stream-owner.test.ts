import assert from "node:assert/strict";
import { test } from "node:test";
import { HEADER as TRANSPORT } from "@sluice/transport";
import * as topology from "@sluice/transport/topology";
import { HEADER } from "../../../src/flow/model/headers.ts";
import { isInstance, ownerOfStream } from "../../../src/flow/model/stream-owner.ts";

test("streams – whose they are is read out of the names that the topology gives", () => {
  const of = (stream: string) => {
    const { party, destination = "" } = ownerOfStream(stream);
    return [party, destination];
  };
  assert.deepEqual(of(topology.intermediateStream("sales.eu")), ["sales.eu", ""]);
  assert.deepEqual(of(topology.publishedStream("sales")), ["sales", ""]);
  assert.deepEqual(of(topology.publishedStream("sales", 3)), ["sales", ""]);
  assert.deepEqual(of(topology.directPublishedStream("sales")), ["sales", ""]);
  assert.deepEqual(of(topology.directStream("billing", "sales")), ["sales", "billing"]);
  assert.deepEqual(of(topology.routedStream("billing", "sales", 2)), ["sales", "billing"]);
  assert.deepEqual(of(topology.subscriptionsStream("billing")), ["billing", "billing"]);
  assert.deepEqual(of(topology.subscriptionsStream("billing", 2)), ["billing", "billing"]);
  assert.deepEqual(of("in.billing-retries"), ["billing", "billing"]);
  assert.deepEqual(of("later.billing-2027-01-01T00:00"), ["billing", "billing"]);
  assert.deepEqual(of("order-17"), ["order", ""]);
  assert.deepEqual(of("alone"), ["alone", ""]);
});

test("streams – those of instances are told from the topology's own", () => {
  const instances = ["order-17", "order-1-2", "order-"].filter(isInstance);
  assert.deepEqual(instances, ["order-17", "order-1-2"]);
  const own = ["intermediate.sales", "in.a-b", "out-a", "later.a-m", "$ce-order", "parked.a", "deployment.a"];
  assert.deepEqual(own.filter(isInstance), []);
});

test("headers – the names are the transport's", () => {
  for (const [name, header] of Object.entries(HEADER)) assert.equal(TRANSPORT[name as keyof typeof HEADER], header);
});
