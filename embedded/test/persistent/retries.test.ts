import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Fifo } from "../../src/log/fifo.ts";
import { Message } from "../../src/persistent/message.ts";
import { Retries } from "../../src/persistent/retries.ts";
import { record } from "./simulated-group.ts";

const message = (sequence: number): Message =>
  new Message({ event: record(sequence), link: undefined }, record(sequence), sequence, sequence, sequence - 1);

test("retries – come out in order however they went in, also between", () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.nat({ max: 1000 })), { maxLength: 200, size: "max" }), (steps) => {
      const retries = new Retries();
      const inside: number[] = [];
      for (const step of steps) {
        if (step !== null) {
          retries.add(message(step));
          inside.push(step);
        } else {
          const least = inside.length === 0 ? undefined : Math.min(...inside);
          assert.equal(retries.take()?.sequence, least);
          if (least !== undefined) inside.splice(inside.indexOf(least), 1);
        }
        assert.equal(retries.length, inside.length);
      }
      const rest = inside.map(() => retries.take()?.sequence);
      assert.deepEqual(
        rest,
        inside.toSorted((a, b) => a - b),
      );
    }),
  );
});

test("fifo – first in, first out, over any mixture of both", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -400, max: 500 }), { maxLength: 30 }), (steps) => {
      const fifo = new Fifo<number>();
      const model: number[] = [];
      let next = 1;
      for (const step of steps) {
        for (let i = 0; i < step; i++) {
          model.push(next);
          fifo.push(next++);
        }
        for (let i = 0; i > step; i--) {
          assert.equal(fifo.peek(), model[0]);
          assert.equal(fifo.shift(), model.shift());
        }
        assert.equal(fifo.length, model.length);
      }
      assert.deepEqual(fifo.drain(), model);
      assert.equal(fifo.length, 0);
    }),
  );
});
