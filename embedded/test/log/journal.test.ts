import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { DiskSpace } from "../../src/log/disk-space.ts";
import { DiskFullError } from "../../src/log/errors.ts";
import { findSegments, type FoundSegment } from "../../src/log/journal/found-segments.ts";
import { endOfGroup, type Group, readGroup, writeGroup, encodedGroupBytes } from "../../src/log/journal/group-codec.ts";
import { startJournal } from "../../src/log/journal/journal.ts";
import { tailBehind } from "../../src/log/journal/journal-tail.ts";
import { readSegment, SEGMENT_HEADER_BYTES, writeSegmentHeader } from "../../src/log/journal/segment-codec.ts";
import { temporaryDirectory } from "./temporary.ts";

const MIB = 1024 * 1024;
const plenty = (directory: string) => new DiskSpace(directory, () => Number.POSITIVE_INFINITY);
const logId = randomUUID();
const record = fc.uint8Array({ minLength: 1, maxLength: 60 }).map((bytes) => Buffer.from(bytes));
const records = fc.array(record, { minLength: 1, maxLength: 6 });

/** Groups one behind the other, as they were given to a journal. */
const history = fc.array(records, { minLength: 1, maxLength: 8 }).map((all) => {
  let start = 64;
  return all.map((own, sequence): Group => {
    const group = { sequence, start, records: own };
    start = endOfGroup(group);
    return group;
  });
});

/** A segment that holds the groups, with what was there before behind them. */
function segmentOf(groups: readonly Group[], salt: number, behind: Buffer): { bytes: Buffer; ends: readonly number[] } {
  const size = groups.reduce((sum, group) => sum + encodedGroupBytes(group.records), SEGMENT_HEADER_BYTES);
  const bytes = Buffer.alloc(size);
  writeSegmentHeader({ logId, salt }, bytes);
  let at = SEGMENT_HEADER_BYTES;
  const ends = groups.map((group) => (at = writeGroup(group, salt, bytes, at)));
  return { bytes: Buffer.concat([bytes, behind]), ends };
}

const plain = (groups: readonly Group[]) =>
  groups.map(({ sequence, start, records: own }) => ({ sequence, start, records: own.map((bytes) => [...bytes]) }));

const groupsIn = (bytes: Buffer): readonly Group[] => {
  const contents = readSegment(bytes, logId);
  assert.ok("groups" in contents, JSON.stringify(contents));
  return contents.groups;
};

test("journal – a group comes back from its bytes as it went in, and from nothing less", () => {
  fc.assert(
    fc.property(records, fc.nat(), fc.maxSafeNat(), fc.nat(0xffffffff), (own, sequence, start, salt) => {
      const group = { sequence, start, records: own };
      const bytes = Buffer.alloc(encodedGroupBytes(own));
      assert.equal(writeGroup(group, salt, bytes, 0), bytes.length);
      const read = readGroup(bytes, salt, 0);
      assert.equal(read?.end, bytes.length);
      assert.deepEqual(plain([read!.group]), plain([group]));
      assert.equal(readGroup(bytes, (salt + 1) % 2 ** 32, 0), undefined);
      assert.equal(readGroup(bytes.subarray(0, -1), salt, 0), undefined);
    }),
  );
});

test("journal – a segment shows its groups whatever lies behind them, also the groups of its life before", () => {
  const before = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    history.map((groups) => segmentOf(groups, 1, Buffer.alloc(0)).bytes.subarray(SEGMENT_HEADER_BYTES)),
  );
  fc.assert(
    fc.property(history, before, (groups, behind) => {
      assert.deepEqual(plain(groupsIn(segmentOf(groups, 2, behind).bytes)), plain(groups));
    }),
  );
});

test("journal – torn at any byte of its last group a segment shows the groups before", () => {
  fc.assert(
    fc.property(history, fc.uint8Array({ minLength: 400, maxLength: 400 }), (groups, old) => {
      const { bytes, ends } = segmentOf(groups, 3, Buffer.alloc(0));
      const begin = ends.at(-2) ?? SEGMENT_HEADER_BYTES;
      for (let torn = begin; torn < bytes.length; torn++) {
        const left = bytes.subarray(0, torn);
        const rest = bytes.subarray(torn);
        // Cut there, with zeros behind, or with what was there before: then the last bytes may be the same by chance.
        for (const behind of [Buffer.alloc(0), Buffer.alloc(rest.length), Buffer.from(old.slice(0, rest.length))]) {
          if (rest.equals(behind)) continue;
          assert.deepEqual(plain(groupsIn(Buffer.concat([left, behind]))), plain(groups.slice(0, -1)));
        }
      }
    }),
    { numRuns: 20 },
  );
});

test("journal – damaged before its last group, or in its header, a segment says so", () => {
  fc.assert(
    fc.property(history, fc.nat(), fc.integer({ min: 1, max: 255 }), (groups, place, change) => {
      const { bytes, ends } = segmentOf(groups, 4, Buffer.alloc(0));
      const at = place % (ends.at(-2) ?? SEGMENT_HEADER_BYTES);
      bytes.writeUInt8((bytes[at] ?? 0) ^ change, at);
      assert.ok("fault" in readSegment(bytes, logId), `byte ${at}`);
    }),
  );
  const { bytes } = segmentOf([{ sequence: 0, start: 64, records: [Buffer.from("x")] }], 5, Buffer.alloc(0));
  assert.deepEqual(readSegment(bytes, randomUUID()), { fault: "belongs to another log" });
  assert.deepEqual(readSegment(Buffer.from("homework, and more of it than a header"), logId), {
    fault: "is not a journal's, or damaged",
  });
});

test("journal – what an event carries is never taken for a group of the journal, also when its own is torn", () => {
  const forged = Buffer.alloc(200);
  const end = writeGroup({ sequence: 9, start: 64, records: [Buffer.from("forged")] }, 7, forged, 0);
  const group = { sequence: 0, start: 64, records: [forged.subarray(0, end), Buffer.from("more")] };
  const { bytes } = segmentOf([group], 8, Buffer.alloc(0));
  assert.deepEqual(groupsIn(bytes.subarray(0, -1)), []);
});

test("journal – the tail behind the tables is what was written last at each place, from any place on, or has a gap", () => {
  fc.assert(
    fc.property(history, fc.nat(), fc.nat(), (groups, from, refused) => {
      const begin = groups[from % groups.length]!;
      const wanted = plain(groups.slice(from % groups.length));
      const shuffled = groups.toReversed();
      assert.deepEqual(plain(tailBehind(begin.start, shuffled).groups), wanted);
      assert.deepEqual(tailBehind(endOfGroup(groups.at(-1)!), shuffled), { groups: [], isWhole: true });
      // One that was refused, and still is there: shorter or longer than what came in its place.
      const place = groups[refused % groups.length]!;
      const stale = {
        sequence: place.sequence - 0.5,
        start: place.start,
        records: [Buffer.alloc(1 + (refused % 300))],
      };
      assert.deepEqual(plain(tailBehind(begin.start, [...shuffled, stale]).groups), wanted);
      if (groups.length < 3) return;
      const gap = tailBehind(groups[0]!.start, [...groups.slice(0, 1), ...groups.slice(2)]);
      assert.deepEqual([plain(gap.groups), gap.isWhole], [plain(groups.slice(0, 1)), false]);
    }),
  );
});

/** What a journal has in its directory. */
function found(directory: string): readonly FoundSegment[] {
  const all = findSegments(directory, logId);
  assert.ok("segments" in all, JSON.stringify(all));
  return all.segments;
}

const start = (directory: string, space = plenty(directory)) => {
  const segments = found(directory);
  const groups = segments.flatMap((segment) => segment.groups);
  const sequence = 1 + groups.reduce((highest, group) => Math.max(highest, group.sequence), -1);
  return startJournal({ directory, logId, space, segments, sequence });
};

test("journal – goes round in a few segments as long as the tables follow, and keeps all that they lack", async (t) => {
  const directory = temporaryDirectory(t);
  let position = 64;
  let indexed = position;
  const written: { start: number; size: number }[] = [];
  for (let restart = 0; restart < 2; restart++) {
    const journal = start(directory);
    journal.release(indexed);
    for (let n = 0; n < 12; n++) {
      const size = (1 + (n % 3)) * MIB;
      await journal.append(position, [Buffer.alloc(size, n)]);
      written.push({ start: position, size });
      position += size;
      // The tables follow three groups behind.
      indexed = written.at(-4)?.start ?? 64;
      journal.release(indexed);
      if (n % 4 !== 3) continue;
      const { groups, isWhole } = tailBehind(
        indexed,
        found(directory).flatMap((segment) => segment.groups),
      );
      assert.ok(isWhole);
      assert.deepEqual(
        groups.map((group) => ({ start: group.start, size: group.records[0]?.length })),
        written.filter((one) => one.start >= indexed),
      );
    }
    await journal.close();
  }
  assert.ok(readdirSync(directory).length <= 5, readdirSync(directory).join());
});

test("journal – a group larger than a segment gets one of its own, which goes when the tables have it", async (t) => {
  const directory = temporaryDirectory(t);
  const journal = start(directory);
  await journal.append(64, [Buffer.alloc(20 * MIB)]);
  await journal.append(64 + 20 * MIB, [Buffer.alloc(5)]);
  assert.deepEqual(
    found(directory)
      .map(({ groups }) => groups.length)
      .sort(),
    [1, 1],
  );
  await journal.append(69 + 20 * MIB, [Buffer.alloc(20 * MIB)]);
  journal.release(69 + 40 * MIB);
  await journal.append(69 + 40 * MIB, [Buffer.alloc(5)]);
  await journal.close();
  assert.ok(readdirSync(directory).length <= 3);
});

test("journal – without room for a segment nothing is written, and with room again it goes on", async (t) => {
  const directory = temporaryDirectory(t);
  let free = 0;
  const journal = start(directory, new DiskSpace(directory, () => free));
  await assert.rejects(journal.append(64, [Buffer.alloc(5)]), DiskFullError);
  assert.deepEqual(readdirSync(directory), []);
  free = Number.POSITIVE_INFINITY;
  // It looks at the disk again after a while.
  while (found(directory).length === 0)
    await journal.append(64, [Buffer.alloc(5)]).catch(() => new Promise(setImmediate));
  await journal.close();
  assert.deepEqual(
    found(directory).flatMap(({ groups }) => groups.map((group) => group.start)),
    [64],
  );
});
