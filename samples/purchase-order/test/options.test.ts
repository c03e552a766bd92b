import assert from "node:assert/strict";
import { test } from "node:test";
import { UsageError } from "@sluice/sample-display";
import { optionsOf } from "../src/options.ts";

test("options – without any, orders are placed until stopped, on a server of its own", () => {
  const options = optionsOf([], "/home/ada");
  assert.ok(options !== "help");
  assert.ok("data" in options.server && /\.data.purchase-order$/.test(options.server.data));
  assert.deepEqual(
    { ...options, server: undefined },
    { server: undefined, market: "rotterdam", orders: undefined, show: undefined, rate: 5, json: false },
  );
});

test("options – a number of orders, a directory relative to where it was typed, a port", () => {
  const options = optionsOf(["--orders", "200", "--json", "--data", "here", "--port", "2113"], "/home/ada");
  assert.deepEqual(options, {
    server: { data: "/home/ada/here", port: 2113 },
    market: "hamburg",
    orders: 200,
    show: undefined,
    rate: 5,
    json: true,
  });
});

test("options – a server that runs already", () => {
  const options = optionsOf(["--connection", "esdb://h:1", "--market", "lyon", "--rate", "20"], "/");
  assert.deepEqual(options, {
    server: { connectionString: "esdb://h:1" },
    market: "lyon",
    orders: undefined,
    show: undefined,
    rate: 20,
    json: false,
  });
});

test("options – an order to tell about", () => {
  const options = optionsOf(["--show", "hamburg.17"], "/");
  assert.ok(options !== "help");
  assert.equal(options.show, "hamburg.17");
});

test("options – help", () => {
  assert.equal(optionsOf(["--help"], "/"), "help");
  assert.equal(optionsOf(["-h", "--orders", "1"], "/"), "help");
});

for (const [typed, says] of [
  ["--orders 0", /--orders takes a whole number from 1 to 1000000, not "0"\./],
  ["--orders many", /--orders takes a whole number/],
  ["--orders -5", /--orders/],
  ["--orders 1.5", /--orders takes a whole number/],
  ["--orders", /--orders.* --help shows what there is\./],
  ["--json", /--orders N/],
  ["--orders 5 --rate 5", /leave out --rate/],
  ["--show a.1 --orders 5", /--show places no orders/],
  ["--rate 0", /--rate takes a whole number from 1 to 200/],
  ["--port 65536 ", /--port takes a whole number from 0 to 65535/],
  ["--market new-york", /letters and digits.*"new-york"/],
  ["--data=", /--data needs the name of a directory/],
  ["--connection esdb://h --data d", /leave them out, or --connection/],
  ["--order 5", /--order.* --help shows what there is\./],
  ["200", /200.* --help shows what there is\./],
] as const) {
  test(`options – ${typed} is refused with what to type instead`, () => {
    assert.throws(
      () => optionsOf(typed.trim().split(" "), "/"),
      (error: unknown) => {
        assert.ok(error instanceof UsageError);
        assert.match(error.message, says);
        assert.doesNotMatch(error.message, /\n/);
        return true;
      },
    );
  });
}
