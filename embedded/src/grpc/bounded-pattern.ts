import { createContext, Script } from "node:vm";
import { workTime } from "../time/work-time.ts";
import { dotnetRegex } from "./dotnet-regex.ts";

/** An expression found no answer in time, as some do on some texts; it would have kept the server from everything else. */
export class PatternTooSlowError extends Error {
  override readonly name = "PatternTooSlowError";
  readonly source: string;

  constructor(source: string, options?: ErrorOptions) {
    super(
      `The expression ${JSON.stringify(source.slice(0, 200))} takes too long on a name in the log. Write it without repetitions of repetitions.`,
      options,
    );
    this.source = source;
  }
}

/** An expression in .NET's syntax that answers within a bounded time. */
export interface BoundedPattern {
  /** @throws PatternTooSlowError */
  test(text: string): boolean;
  /** Makes it cheaper to test these texts next. */
  prepare(texts: readonly string[]): void;
}

/** What one test may take. */
const LIMIT_MS = 50;
/**
 * And what it may take of an expression that has taken too long before: there may be many more such names. A machine that is held up
 * for a moment does not take so long for a name that is quick.
 */
const LIMIT_OF_SLOW_MS = 10;
/** Up to this length a simple expression is quick on anything. */
const SHORT = 2048;
const MOST_REMEMBERED = 4096;

// A script with a time limit costs a third of a millisecond to start, whatever it does, so many texts go into one.
const context = createContext({ pattern: /(?:)/, texts: [] as readonly string[] });
const script = new Script("texts.map((text) => pattern.test(text))");

/** Throws for an expression that is none. */
export function boundedPattern(source: string): BoundedPattern {
  const pattern = dotnetRegex(source);
  if (isSimple(source)) {
    const onLong = limited(source, pattern);
    return {
      test: (text) => (text.length <= SHORT ? pattern.test(text) : onLong.test(text)),
      prepare: () => {},
    };
  }
  return limited(source, pattern);
}

/**
 * The same for a group of consumers, which has nobody to tell: a name on which it takes too long is one that the group
 * does not want. The real server would stay with that name for ever.
 */
export function groupPattern(source: string): Pick<BoundedPattern, "test"> {
  const pattern = boundedPattern(source);
  const unwanted = new Set<string>();
  return {
    test(text) {
      if (unwanted.has(text)) return false;
      try {
        return pattern.test(text);
      } catch (error) {
        if (!(error instanceof PatternTooSlowError)) throw error;
        if (unwanted.size >= MOST_REMEMBERED) unwanted.clear();
        if (text.length <= SHORT) unwanted.add(text);
        return false;
      }
    },
  };
}

function limited(source: string, pattern: RegExp): BoundedPattern {
  const remembered = new Map<string, boolean>();
  let limit = LIMIT_MS;

  function answersFor(texts: readonly string[]): readonly boolean[] {
    Object.assign(context, { pattern, texts });
    const begin = workTime();
    try {
      for (;;) {
        try {
          return script.runInContext(context, { timeout: limit }) as readonly boolean[];
        } catch (cause) {
          // The limit also counts what a busy machine gave to others, which is not the expression's fault.
          if (workTime() - begin >= limit / 2) throw new PatternTooSlowError(source, { cause });
        }
      }
    } finally {
      context["texts"] = [];
    }
  }

  function remember(text: string, answer: boolean): void {
    if (text.length > SHORT) return;
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    remembered.set(text, answer);
  }

  return {
    test(text) {
      const known = remembered.get(text);
      if (known !== undefined) return known;
      try {
        const [answer = false] = answersFor([text]);
        remember(text, answer);
        return answer;
      } catch (error) {
        limit = LIMIT_OF_SLOW_MS;
        throw error;
      }
    },
    prepare(texts) {
      const unknown = [...new Set(texts)].filter((text) => text.length <= SHORT && !remembered.has(text));
      if (unknown.length === 0) return;
      try {
        const answers = answersFor(unknown);
        unknown.forEach((text, i) => remember(text, answers[i] ?? false));
      } catch {
        // One of them takes too long: it says so when its turn comes.
      }
    },
  };
}

/** Most of these double the work at worst. */
const MOST_OPTIONAL = 4;

/**
 * Whether the time an expression takes grows with no more than the square of a text's length: one repetition at most,
 * and that of a single character, nothing that looks around or back. Says no where it is in doubt.
 */
export function isSimple(source: string): boolean {
  const plain = source
    .replace(/^\(\?[imns]*\)/, "")
    // Escaped characters and classes are one character each, whatever they hold.
    .replaceAll(/\\(?:[pPxu]|[^\dk])(?:\{\w+\}|(?<=[xu])[0-9a-fA-F]{2,4})?/g, "c")
    .replaceAll(/\[\^?\]?[^\]]*\]/g, "c");
  if (/\\|\(\?(?!:)|\)[*+?{]/.test(plain)) return false;
  const repetitions = plain.match(/[*+{]\??/g)?.length ?? 0;
  const optional = plain.replaceAll(/[*+{]\??/g, "").match(/\?/g)?.length ?? 0;
  return repetitions <= 1 && optional - (plain.match(/\(\?:/g)?.length ?? 0) <= MOST_OPTIONAL;
}
