import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { DiskMeter } from "../../src/http/disk-meter.ts";
import { prometheusText } from "../../src/http/prometheus.ts";

test("prometheus – names, labels and values stand as its format has them", () => {
  const text = prometheusText([
    { name: "a", help: "What\na is.", type: "counter", samples: [{ value: 1.5 }] },
    {
      name: "b",
      help: "B.",
      type: "histogram",
      samples: [{ suffix: "_bucket", labels: { le: "+Inf", stream: 'a"\\\n' }, value: 2 }],
    },
  ]);
  assert.equal(
    text,
    '# HELP a What\\na is.\n# TYPE a counter\na 1.5\n# HELP b B.\n# TYPE b histogram\nb_bucket{le="+Inf",stream="a\\"\\\\\\n"} 2\n',
  );
});

test("prometheus – no name of a stream makes a line of its own", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (stream) => {
      const text = prometheusText([
        { name: "a", help: "", type: "gauge", samples: [{ labels: { stream }, value: 1 }] },
      ]);
      assert.equal(text.split("\n").length, 4);
      assert.match(text.split("\n")[2]!, /^a\{stream="(?:[^"\\]|\\.)*"\} 1$/s);
    }),
  );
});

test("disk – what it took is counted within each bound that it kept, refusals apart", () => {
  let now = 0;
  const meter = new DiskMeter(() => now);
  const write = { events: 2, bytes: 10, isRefused: false };
  for (const milliseconds of [0.5, 2, 2, 7000]) meter.add({ ...write, milliseconds });
  const { writes, events, bytes, longestSeconds, writesWithin, refused } = meter.read();
  assert.deepEqual([writes, events, bytes, longestSeconds, refused], [4, 8, 40, 7, 0]);
  const within = new Map(writesWithin.map((one) => [one.seconds, one.writes]));
  assert.deepEqual([within.get(0.001), within.get(0.0025), within.get(5)], [1, 3, 3]);
  meter.add({ ...write, milliseconds: 1, isRefused: true });
  assert.deepEqual([meter.read().refused, meter.read().isRefusing, meter.read().writes], [1, true, 4]);
  now = 20_000;
  assert.equal(meter.read().isRefusing, false, "somebody has to try again");
  meter.add({ ...write, milliseconds: 1, isRefused: true });
  meter.add({ ...write, milliseconds: 1 });
  assert.equal(meter.read().isRefusing, false);
});
