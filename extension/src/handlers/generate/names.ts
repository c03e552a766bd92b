/** The name that a definition of a message of this type gets: `OrderPlaced` for `sales.OrderPlaced`. */
export const identifierOf = (type: string): string => pascal(type.slice(type.search(/[^.:/]*$/)) || type);

/** The same, with what stands before it: `SalesOrderPlaced`. */
export const fullIdentifierOf = (type: string): string => pascal(type);

const pascal = (text: string): string => {
  const name = wordsOf(text).map(capitalized).join("");
  return /^[A-Za-z_$]/.test(name) ? name : `Message${name}`;
};

/** Of what holds no letter that a name is made of here. */
const NAMELESS = "value";

/** `orderPlaced` for `OrderPlaced`. A name that JavaScript keeps for itself gets a line behind it. */
export function camel(text: string): string {
  const [first = NAMELESS, ...others] = wordsOf(text);
  const name = `${first.toLowerCase()}${others.map(capitalized).join("")}`;
  return RESERVED.has(name) ? `${name}_` : /^[a-z_$]/i.test(name) ? name : `_${name}`;
}

/** `order-placed` for `OrderPlaced`: a file's name. */
export const kebab = (text: string): string => wordsOf(text).join("-").toLowerCase() || NAMELESS;

/** The first of these that is free; the last with a number where none is. */
export function freeName(candidates: readonly string[], isTaken: (name: string) => boolean, join = ""): string {
  const free = candidates.find((name) => !isTaken(name));
  if (free !== undefined) return free;
  const last = candidates.at(-1) ?? "";
  for (let number = 2; ; number += 1) {
    const name = `${last}${join}${number}`;
    if (!isTaken(name)) return name;
  }
}

/** What has happened once a command has been obeyed: `OrderPlaced` for `PlaceOrder`, `OrderPlacedRecorded` for what is no command. */
export function eventAfter(identifier: string, kind: "command" | "event" | "reply"): string {
  const [verb = identifier, ...object] = wordsOf(identifier);
  if (kind !== "command") return `${identifier}Recorded`;
  return [...object, participleOf(verb.toLowerCase())].map(capitalized).join("");
}

/** The last word of an event's name, as a name for whether it has happened: `placed` for `OrderPlaced`. */
export const whetherIt = (event: string): string => camel(wordsOf(event).at(-1) ?? event);

const IRREGULAR: ReadonlyMap<string, string> = new Map(
  Object.entries({
    begin: "begun",
    bring: "brought",
    build: "built",
    buy: "bought",
    cancel: "canceled",
    catch: "caught",
    choose: "chosen",
    cut: "cut",
    draw: "drawn",
    find: "found",
    forget: "forgotten",
    freeze: "frozen",
    give: "given",
    hold: "held",
    keep: "kept",
    leave: "left",
    lend: "lent",
    let: "let",
    lose: "lost",
    make: "made",
    meet: "met",
    pay: "paid",
    put: "put",
    read: "read",
    run: "run",
    sell: "sold",
    send: "sent",
    set: "set",
    shut: "shut",
    split: "split",
    take: "taken",
    tell: "told",
    think: "thought",
    undo: "undone",
    do: "done",
    withdraw: "withdrawn",
    write: "written",
  }),
);
/** Verbs whose last consonant is doubled. */
const DOUBLED =
  /^(?:ship|stop|plan|drop|skip|tag|pin|map|log|ban|scan|trim|wrap|swap|submit|commit|admit|permit|refer|transfer|defer|prefer|occur|bar|emit|omit|rob|clip|flag|plot|strip|unplug|plug)$/;

function participleOf(verb: string): string {
  const irregular = IRREGULAR.get(verb);
  if (irregular !== undefined) return irregular;
  if (verb.endsWith("e")) return `${verb}d`;
  if (/[^aeiou]y$/.test(verb)) return `${verb.slice(0, -1)}ied`;
  return DOUBLED.test(verb) ? `${verb}${verb.at(-1)}ed` : `${verb}ed`;
}

const wordsOf = (text: string): readonly string[] =>
  text
    .match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{N}+|\p{Lo}+/gu)
    ?.map((word) => word.replace(/[^\w$]/g, ""))
    .filter((word) => word !== "") ?? [];

const capitalized = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;

const RESERVED = new Set(
  "arguments async await break case catch class const continue debugger default delete do else enum eval export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof undefined var void while with yield".split(
    " ",
  ),
);
