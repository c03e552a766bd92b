import type { Tag } from "./tag.ts";

/** A tag as status texts show it: `orders: 4`, `a: 1; b: -1; `, `C:12/P:12`, `C:12/P:12; Placed: 3; ` (spec 3.10). */
export function formatTag(tag: Tag): string {
  switch (tag.mode) {
    case "Position":
      return place(tag);
    case "EventTypeIndex":
      return `${place(tag)}; ${list(tag.types)}`;
    case "Stream":
      return `${tag.stream}: ${tag.revision}`;
    case "MultiStream":
      return list(tag.streams);
    case "Phase":
      return "Phase: 0";
  }
}

/** The members of a tag as the metadata of written events hold them, without the braces (spec 3.2). */
export function tagMembers(tag: Tag): string {
  switch (tag.mode) {
    case "Position":
      return `"$c":${tag.commit},"$p":${tag.prepare}`;
    case "EventTypeIndex":
      return `"$c":${tag.commit},"$p":${tag.prepare},"$s":${object(tag.types)}`;
    case "Stream":
      return `"$s":{${JSON.stringify(tag.stream)}:${tag.revision}}`;
    case "MultiStream":
      return `"$s":${object(tag.streams)}`;
    case "Phase":
      return "";
  }
}

const place = ({ commit, prepare }: { readonly commit: number; readonly prepare: number }) =>
  `C:${commit}/P:${prepare}`;

const list = (revisions: ReadonlyMap<string, number>) =>
  [...revisions].map(([name, revision]) => `${name}: ${revision}; `).join("");

const object = (revisions: ReadonlyMap<string, number>) =>
  `{${[...revisions].map(([name, revision]) => `${JSON.stringify(name)}:${revision}`).join()}}`;
